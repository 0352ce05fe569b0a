"""
task: jvp
says: yours[1] has shape (4, 3)
"""


def jvp(f, x, v):
    with forward_ad.dual_level():
        y = f(forward_ad.make_dual(x.detach(), v.detach()))
        value, product = forward_ad.unpack_dual(y)
    if product is None:
        product = torch.zeros_like(x)
    return value.detach(), product.detach()
