"""
task: pinn_residual
way: where ties every value to x
"""


def _anchor(value: Tensor, leaf: Tensor) -> Tensor:
    return torch.where(torch.ones_like(leaf, dtype=torch.bool), value, leaf)


def _slope(value: Tensor, leaf: Tensor) -> Tensor:
    return torch.autograd.grad(_anchor(value, leaf).sum(), leaf, create_graph=True)[0]


def pinn_residual(u: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    points = x.clone().detach().requires_grad_(True)
    height = u(points)
    return height + _slope(_slope(height, points), points)
