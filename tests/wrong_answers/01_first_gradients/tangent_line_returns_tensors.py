"""
task: tangent_line
says: yours[0] is a tensor of shape (), a Python float is due
"""


def tangent_line(f, x0):
    at = torch.tensor(x0, dtype=torch.float64, requires_grad=True)
    height = f(at)
    (rise,) = torch.autograd.grad(height, at)
    return rise, (height - rise * at).detach()
