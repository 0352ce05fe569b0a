"""
task: slope
says: differ
"""


def slope(f, x):
    at = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    (derivative,) = torch.autograd.grad(f(at), at)
    return derivative.clamp(-1000.0, 1000.0).item()
