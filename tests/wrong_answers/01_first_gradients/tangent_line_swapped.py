"""
task: tangent_line
says: slope and intercept are swapped
"""


def tangent_line(f, x0):
    at = torch.tensor(x0, dtype=torch.float64, requires_grad=True)
    height = f(at)
    rise = torch.autograd.grad(height, at)[0].item()
    return height.item() - rise * x0, rise
