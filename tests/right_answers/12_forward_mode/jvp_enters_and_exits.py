"""
task: jvp
way: levels by hand, in a try, and a copy of the direction
"""


def jvp(f, x, v):
    level = forward_ad.enter_dual_level()
    try:
        moving = forward_ad.make_dual(x.detach().clone(), v.detach().clone())
        y = f(moving)
        value, product = forward_ad.unpack_dual(y)
        if product is None:
            product = value.new_zeros(value.shape)
    finally:
        forward_ad.exit_dual_level(level=level)
    return value.detach().clone(), product.detach().clone()
