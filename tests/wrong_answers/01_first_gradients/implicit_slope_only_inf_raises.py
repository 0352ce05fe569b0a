"""
Divides tensors and raises where the quotient is infinite, so that 0/0 at a crossing returns nan.

task: implicit_slope
says: ZeroDivisionError is due when ∂F/∂y is 0
"""


def implicit_slope(
    F: Callable[[Tensor, Tensor], Tensor],  # noqa: N803
    x: float,
    y: float,
) -> float:
    a = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    b = torch.tensor(y, dtype=torch.float64, requires_grad=True)
    gx, gy = torch.autograd.grad(F(a, b), (a, b), materialize_grads=True)
    s = -gx / gy
    if s.isinf():
        raise ZeroDivisionError("the curve is upright here")
    return s.item()
