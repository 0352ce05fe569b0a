"""
task: jvp
says: still has a graph attached
"""


def jvp(f, x, v):
    with forward_ad.dual_level():
        y = f(forward_ad.make_dual(x.detach(), v.detach()))
        value, product = forward_ad.unpack_dual(y)
    return value, torch.zeros_like(value) if product is None else product
