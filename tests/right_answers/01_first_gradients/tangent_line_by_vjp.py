"""
task: tangent_line
way: torch.func.vjp gives the value and the slope at once
"""


def tangent_line(f, x0):
    height, pull = torch.func.vjp(f, torch.tensor(x0, dtype=torch.float64))
    (rise,) = pull(torch.ones_like(height))
    return rise.item(), height.item() - rise.item() * x0
