"""
task: clipped_mean_gradient
way: math.hypot of the norms, and weighted sums
"""

import math


def clipped_mean_gradient(
    model: nn.Module,
    loss_fn: Callable[[Tensor, Tensor], Tensor],
    xs: Tensor,
    ys: Tensor,
    max_norm: float,
) -> dict[str, Tensor]:
    # Sample by sample.
    names, weights = zip(*((n, p) for n, p in model.named_parameters() if p.requires_grad))
    sums = [torch.zeros_like(p) for p in weights]
    for x, y in zip(xs.split(1), ys.split(1)):
        loss = loss_fn(model(x.clone()), y.clone())
        gradients = torch.autograd.grad(loss, weights, allow_unused=True)
        norm = math.hypot(*(g.detach().double().norm().item() for g in gradients if g is not None))
        factor = max_norm / norm if norm > max_norm else 1.0
        for total, g in zip(sums, gradients):
            if g is not None:
                total.detach().add_(g.detach(), alpha=factor / len(xs))
    return {name: total.detach() for name, total in zip(names, sums)}
