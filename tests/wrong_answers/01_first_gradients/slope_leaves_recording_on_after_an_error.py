"""
Switches recording on, and back only where f raises nothing.

task: slope
says: called inside torch.no_grad(), it leaves recording switched on
"""


def slope(f, x):
    before = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    at = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    (derivative,) = torch.autograd.grad(f(at), at)
    torch.set_grad_enabled(before)
    return derivative.item()
