"""
task: nth_derivative
way: where ties every value to x
"""


def _anchor(value: Tensor, leaf: Tensor) -> Tensor:
    return torch.where(torch.ones_like(leaf, dtype=torch.bool), value, leaf)


def _slope(value: Tensor, leaf: Tensor) -> Tensor:
    return torch.autograd.grad(_anchor(value, leaf).sum(), leaf, create_graph=True)[0]


def nth_derivative(f: Callable[[Tensor], Tensor], x: Tensor, n: int) -> Tensor:
    leaf = x.detach().clone().requires_grad_()
    value = f(leaf)
    while n > 0:
        value, n = _slope(value, leaf), n - 1
    with torch.no_grad():
        return value.clone()
