"""
task: tangent_line
says: slope · x0 is added to f(x0): go back from x0 to 0
"""


def tangent_line(f, x0):
    at = torch.tensor(x0, dtype=torch.float64, requires_grad=True)
    height = f(at)
    rise = torch.autograd.grad(height, at)[0].item()
    return rise, height.item() + rise * x0
