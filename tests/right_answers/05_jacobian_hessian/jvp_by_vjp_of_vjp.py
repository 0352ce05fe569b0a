"""
task: jvp_double_backward
way: the transpose of the transpose: torch.func.vjp of the function that torch.func.vjp gives
"""


def jvp_double_backward(f, x, v):
    y, pull = torch.func.vjp(f, x.detach())
    _, push = torch.func.vjp(lambda u: pull(u)[0], torch.zeros_like(y).detach())
    return push(v)[0].detach()
