"""
task: gradient_norms
way: the norm of each parameter in float64, put together by hypot
"""


def gradient_norms(
    model: nn.Module,
    loss_fn: Callable[[Tensor, Tensor], Tensor],
    batches: Iterable[tuple[Tensor, Tensor]],
) -> list[float]:
    trainable = [p for p in model.parameters() if p.requires_grad]
    norms = []
    for x, y in batches:
        gradients = torch.autograd.grad(loss_fn(model(x.clone()), y), trainable, allow_unused=True)
        parts = [
            torch.linalg.vector_norm(g.detach().double()).item() for g in gradients if g is not None
        ]
        norms.append(math.hypot(*parts))
    return norms
