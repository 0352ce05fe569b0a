"""
task: hvp
way: the gradient of the directional derivative, by torch.func
"""


def hvp(f, x, v):
    return torch.func.grad(lambda t: torch.func.jvp(f, (t,), (v,))[1])(x.detach()).detach()
