"""
task: jvp
says: with an x that was itself computed, it raises AttributeError
"""


def jvp(f, x, v):
    with forward_ad.dual_level():
        y = f(forward_ad.make_dual(x.detach(), v.detach()))
        value, product = forward_ad.unpack_dual(y)
    return value.detach(), product.detach()
