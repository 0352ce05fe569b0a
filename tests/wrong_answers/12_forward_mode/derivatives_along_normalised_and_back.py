"""
task: derivatives_along
says: where v is zeros
"""


def derivatives_along(f, x, v):
    x, v = x.detach(), v.detach()
    size = v.norm()
    v = v / size
    (value, first), (_, second) = torch.func.jvp(
        lambda z: torch.func.jvp(f, (z,), (v,)), (x,), (v,)
    )
    return value.detach(), first.detach() * size, second.detach() * size**2
