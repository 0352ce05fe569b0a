"""
task: derivatives_along
says: Nested forward mode AD is not supported
"""


def derivatives_along(f, x, v):
    with forward_ad.dual_level():
        moving = forward_ad.make_dual(x.detach(), v)
        value, first = torch.func.jvp(f, (moving,), (v,))
        first, second = forward_ad.unpack_dual(first)
    return value, first, second
