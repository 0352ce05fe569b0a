"""
Switches recording on, and back only where f raises nothing.

task: tangent_line
says: called inside torch.no_grad(), it leaves recording switched on
"""


def tangent_line(f, x0):
    before = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    at = torch.tensor(x0, dtype=torch.float64, requires_grad=True)
    height = f(at)
    (rise,) = torch.autograd.grad(height, at)
    torch.set_grad_enabled(before)
    return rise.item(), height.item() - rise.item() * x0
