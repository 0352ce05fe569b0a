"""
task: taylor_coefficients
way: running quotients; where ties every value to x
"""


def _anchor(value: Tensor, leaf: Tensor) -> Tensor:
    return torch.where(torch.ones_like(leaf, dtype=torch.bool), value, leaf)


def _slope(value: Tensor, leaf: Tensor) -> Tensor:
    return torch.autograd.grad(_anchor(value, leaf).sum(), leaf, create_graph=True)[0]


def taylor_coefficients(f: Callable[[Tensor], Tensor], x0: float, order: int) -> list[float]:
    leaf = torch.scalar_tensor(float(x0), dtype=torch.float64).requires_grad_()
    values = [f(leaf)]
    while len(values) <= order:
        values.append(_slope(values[-1], leaf) / len(values))  # c[k] = c[k - 1]' / k
    return torch.stack([value.detach() for value in values]).tolist()
