"""
task: jvp
says: f raises ErrorOfF
"""


def jvp(f, x, v):
    with forward_ad.dual_level():
        try:
            y = f(forward_ad.make_dual(x.detach(), v.detach()))
            value, product = forward_ad.unpack_dual(y)
        except RuntimeError:
            value, product = f(x.detach()), None
    value = value.detach()
    return value, torch.zeros_like(value) if product is None else product.detach()
