"""
task: partials
way: torch.autograd.functional.jacobian, which gives zeros where it is not strict
"""


def partials(f, x, y):
    return torch.autograd.functional.jacobian(f, (x.detach(), y.detach()))
