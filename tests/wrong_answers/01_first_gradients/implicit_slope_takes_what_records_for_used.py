"""
Asks what F returns whether it records, which a constant of F makes it too.

task: implicit_slope
says: it raises RuntimeError
"""


def implicit_slope(F, x, y):
    a, b = (torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in (x, y))
    by_x, by_y = F(a, b.detach()), F(a.detach(), b)
    if not by_y.requires_grad:
        raise ZeroDivisionError("F ignores y")
    (slope_y,) = torch.autograd.grad(by_y, b, materialize_grads=True)
    slope_x = torch.autograd.grad(by_x, a)[0].item() if by_x.requires_grad else 0.0
    return -slope_x / slope_y.item()
