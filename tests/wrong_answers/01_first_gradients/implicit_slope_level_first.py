"""
Answers 0 for an F that ignores x before it looks at ∂F/∂y, which may be 0 too.

task: implicit_slope
says: as for F = y² at y = 0, which ignores x; nothing was raised
"""


def implicit_slope(
    F: Callable[[Tensor, Tensor], Tensor],  # noqa: N803
    x: float,
    y: float,
) -> float:
    a = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    b = torch.tensor(y, dtype=torch.float64, requires_grad=True)
    gx, gy = torch.autograd.grad(F(a, b), (a, b), allow_unused=True)
    if gx is None:
        return 0.0
    if gy is None:
        raise ZeroDivisionError("F ignores y")
    return -gx.item() / gy.item()
