"""
Switches recording on, and back only where F raises nothing.

task: implicit_slope
says: called inside torch.no_grad(), it leaves recording switched on
"""


def implicit_slope(F, x, y):
    before = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    at = [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in (x, y)]
    by_x, by_y = torch.autograd.grad(F(*at), at, materialize_grads=True)
    torch.set_grad_enabled(before)
    return -by_x.item() / by_y.item()
