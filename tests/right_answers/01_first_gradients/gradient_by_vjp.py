"""
task: gradient
way: torch.autograd.functional.vjp of a scalar
"""


@torch.enable_grad()
def gradient(f, x):
    _, result = torch.autograd.functional.vjp(f, x)
    return result
