"""
Takes every ∂F/∂y below 1e-12 for 0, and raises where the slope is well defined.

task: implicit_slope
says: F = 1e-300 · (y - 2x)
"""


def implicit_slope(
    F: Callable[[Tensor, Tensor], Tensor],  # noqa: N803
    x: float,
    y: float,
) -> float:
    a = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    b = torch.tensor(y, dtype=torch.float64, requires_grad=True)
    gx, gy = torch.autograd.grad(F(a, b), (a, b), materialize_grads=True)
    if abs(gy.item()) < 1e-12:
        raise ZeroDivisionError("the curve is upright here")
    return -gx.item() / gy.item()
