"""
task: jvp
says: where f raises KeyboardInterrupt, recording is not left as it was
"""


def jvp(f, x, v):
    before = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    with forward_ad.dual_level():
        out = f(forward_ad.make_dual(x.detach(), v.detach()))
        value, tangent = forward_ad.unpack_dual(out)
        if tangent is None:
            tangent = torch.zeros_like(value)
        torch.set_grad_enabled(before)
        return value.detach(), tangent.detach()
