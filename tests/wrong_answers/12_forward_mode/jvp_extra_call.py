"""
task: jvp
says: f is called 2 times
"""


def jvp(f, x, v):
    with forward_ad.dual_level():
        out = f(forward_ad.make_dual(x.detach(), v.detach()))
        value, tangent = forward_ad.unpack_dual(out)
        if tangent is None:
            tangent = torch.zeros_like(f(x.detach()))
        return value.detach(), tangent.detach()
