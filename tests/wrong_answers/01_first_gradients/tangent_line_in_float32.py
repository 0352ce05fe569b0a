"""
task: tangent_line
says: The two agree to the precision of float32: compute in float64 all the way
"""


def tangent_line(f, x0):
    at = torch.tensor(x0, requires_grad=True)
    height = f(at)
    rise = torch.autograd.grad(height, at)[0].item()
    return rise, height.item() - rise * x0
