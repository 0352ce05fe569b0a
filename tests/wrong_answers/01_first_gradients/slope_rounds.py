"""
Rounds off what it takes for noise.

task: slope
says: 1e-20 · (x³ + 4x) at 0.1: it differs
"""


def slope(f, x):
    at = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    (derivative,) = torch.autograd.grad(f(at), at)
    return round(derivative.item(), 12)
