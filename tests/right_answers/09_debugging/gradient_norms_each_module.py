"""
task: gradient_norms
way: walks the modules, each parameter once by its id
"""


def gradient_norms(
    model: nn.Module,
    loss_fn: Callable[[Tensor, Tensor], Tensor],
    batches: Iterable[tuple[Tensor, Tensor]],
) -> list[float]:
    trainable = {id(p): p for m in model.modules() for p in m.parameters(recurse=False)}
    trainable = [p for p in trainable.values() if p.requires_grad]

    def norm(x: Tensor, y: Tensor) -> float:
        loss = loss_fn(model(x.clone()), y)
        gradients = torch.autograd.grad(loss, trainable, materialize_grads=True)
        with torch.no_grad():
            return math.sqrt(sum(g.double().square().sum().item() for g in gradients))

    return [norm(x, y) for x, y in batches]
