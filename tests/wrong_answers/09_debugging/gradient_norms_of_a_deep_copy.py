"""
task: gradient_norms
says: .backward() writes the .grad of every leaf
"""


def gradient_norms(
    model: nn.Module,
    loss_fn: Callable[[Tensor, Tensor], Tensor],
    batches: Iterable[tuple[Tensor, Tensor]],
) -> list[float]:
    import copy

    probe = copy.deepcopy(model)
    norms = []
    for x, y in batches:
        probe.zero_grad(set_to_none=True)
        loss_fn(probe(x), y).backward()
        parts = [
            p.grad.norm() for p in probe.parameters() if p.grad is not None and p.requires_grad
        ]
        norms.append(torch.stack(parts).norm().item())
    return norms
