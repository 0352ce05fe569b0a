"""
task: tangent_line
says: the intercept is taken as f(x0), the height at x0
"""


def tangent_line(f, x0):
    at = torch.tensor(x0, dtype=torch.float64, requires_grad=True)
    height = f(at)
    return torch.autograd.grad(height, at)[0].item(), height.item()
