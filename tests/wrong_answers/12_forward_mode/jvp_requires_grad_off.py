"""
task: jvp
says: requires_grad
"""


def jvp(f, x, v):
    wanted = x.requires_grad
    base = x.requires_grad_(False) if x.is_leaf else x.detach()
    with forward_ad.dual_level():
        value, tangent = forward_ad.unpack_dual(f(forward_ad.make_dual(base, v.detach())))
        if tangent is None:
            tangent = torch.zeros_like(value)
        value, tangent = value.detach(), tangent.detach()
    if x.is_leaf:
        x.requires_grad_(wanted)
    return value, tangent
