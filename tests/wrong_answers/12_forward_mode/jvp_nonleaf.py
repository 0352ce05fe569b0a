"""
task: jvp
says: with an x that was itself computed
"""


def jvp(f, x, v):
    wanted = x.requires_grad
    x.requires_grad_(False)
    with forward_ad.dual_level():
        out = f(forward_ad.make_dual(x.detach(), v.detach()))
        value, tangent = forward_ad.unpack_dual(out)
        if tangent is None:
            tangent = torch.zeros_like(value)
        x.requires_grad_(wanted)
        return value.detach(), tangent.detach()
