"""
task: taylor_coefficients
way: a helper that gives zeros without a graph or without x in it
"""


def _next(y: Tensor, leaf: Tensor) -> Tensor:
    if not y.requires_grad:
        return torch.zeros_like(leaf)
    (slope,) = torch.autograd.grad(
        y, leaf, torch.ones_like(y), create_graph=True, allow_unused=True
    )
    return torch.zeros_like(leaf) if slope is None else slope


def taylor_coefficients(f: Callable[[Tensor], Tensor], x0: float, order: int) -> list[float]:
    leaf = torch.tensor(float(x0), dtype=torch.float64, requires_grad=True)
    value = f(leaf)
    coefficients = [value.item()]
    for k in range(1, order + 1):
        value = _next(value, leaf)
        coefficients.append(value.item() / math.factorial(k))
    return coefficients
