"""
task: derivatives_along
says: Nested forward mode AD is not supported
"""


def derivatives_along(f, x, v):
    with forward_ad.dual_level():
        outer = forward_ad.make_dual(x.detach(), v)
        with forward_ad.dual_level():
            y = f(forward_ad.make_dual(outer, v))
            value, first = forward_ad.unpack_dual(y)
        first, second = forward_ad.unpack_dual(first)
    return value, first, second
