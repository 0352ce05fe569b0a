"""
task: jvp
says: f is called 2 times: its one result holds both
"""


def jvp(f, x, v):
    value = f(x.detach()).detach()
    with forward_ad.dual_level():
        y = f(forward_ad.make_dual(x.detach(), v.detach()))
        product = forward_ad.unpack_dual(y).tangent
    return value, torch.zeros_like(value) if product is None else product.detach()
