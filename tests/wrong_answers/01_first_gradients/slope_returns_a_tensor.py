"""
task: slope
says: yours is a tensor of shape (), a Python float is due
"""


def slope(f, x):
    at = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    return torch.autograd.grad(f(at), at)[0]
