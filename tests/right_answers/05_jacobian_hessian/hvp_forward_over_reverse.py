"""
task: hvp
way: torch.func.jvp of torch.func.grad
"""

from torch.func import grad, jvp


def hvp(f, x, v):
    return jvp(grad(f), (x.detach(),), (v.detach(),))[1].detach()
