"""
task: pinn_residual
way: a helper, called twice
"""


def _next(y: Tensor, leaf: Tensor) -> Tensor:
    if not y.requires_grad:
        return torch.zeros_like(leaf)
    (slope,) = torch.autograd.grad(
        y, leaf, torch.ones_like(y), create_graph=True, allow_unused=True
    )
    return torch.zeros_like(leaf) if slope is None else slope


def pinn_residual(u: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    points = x.detach().requires_grad_()
    value = u(points)
    return _next(_next(value, points), points) + value
