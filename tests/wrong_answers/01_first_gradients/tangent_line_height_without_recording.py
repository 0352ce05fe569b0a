"""
Asks f for its height inside torch.no_grad().

task: tangent_line
says: f is called where recording is off
"""


def tangent_line(f, x0):
    at = torch.tensor(x0, dtype=torch.float64, requires_grad=True)
    (rise,) = torch.autograd.grad(f(at), at)
    with torch.no_grad():
        height = f(at)
    return rise.item(), height.item() - rise.item() * x0
