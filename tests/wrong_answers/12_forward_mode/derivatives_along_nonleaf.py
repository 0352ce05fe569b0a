"""
task: derivatives_along
says: with an x that was itself computed
"""


def derivatives_along(f, x, v):
    wanted = x.requires_grad
    x.requires_grad_(False)
    v = v.detach()
    (value, first), (_, second) = torch.func.jvp(
        lambda z: torch.func.jvp(f, (z,), (v,)), (x,), (v,)
    )
    x.requires_grad_(wanted)
    return value.detach(), first.detach(), second.detach()
