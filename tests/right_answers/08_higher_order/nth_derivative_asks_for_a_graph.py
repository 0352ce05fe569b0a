"""
task: nth_derivative
way: a helper that gives zeros without a graph or without x in it
"""


def _next(y: Tensor, leaf: Tensor) -> Tensor:
    if not y.requires_grad:
        return torch.zeros_like(leaf)
    (slope,) = torch.autograd.grad(
        y, leaf, torch.ones_like(y), create_graph=True, allow_unused=True
    )
    return torch.zeros_like(leaf) if slope is None else slope


def nth_derivative(f: Callable[[Tensor], Tensor], x: Tensor, n: int) -> Tensor:
    leaf = x.detach().requires_grad_()
    value = f(leaf)
    for _ in range(n):
        value = _next(value, leaf)
    return value.detach()
