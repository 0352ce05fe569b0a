"""
task: jvp
says: forward-mode level
"""


def jvp(f, x, v):
    forward_ad.enter_dual_level()
    try:
        y = f(forward_ad.make_dual(x.detach(), v.detach()))
        value, product = forward_ad.unpack_dual(y)
    except Exception:
        forward_ad.exit_dual_level()
        raise
    forward_ad.exit_dual_level()
    value = value.detach()
    return value, torch.zeros_like(value) if product is None else product.detach()
