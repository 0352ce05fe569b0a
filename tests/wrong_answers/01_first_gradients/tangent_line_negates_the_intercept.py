"""
task: tangent_line
says: the sign of the intercept is flipped
"""


def tangent_line(f, x0):
    at = torch.tensor(x0, dtype=torch.float64, requires_grad=True)
    y = f(at)
    (r,) = torch.autograd.grad(y, at)
    return r.item(), r.item() * x0 - y.item()
