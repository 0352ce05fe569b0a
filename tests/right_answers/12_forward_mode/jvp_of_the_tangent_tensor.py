"""
task: jvp
way: unpacked by its fields, and zeros made from f(x)
"""


def jvp(f, x, v):
    with torch.autograd.forward_ad.dual_level():
        moving = torch.autograd.forward_ad.make_dual(x.data, v.data)
        unpacked = torch.autograd.forward_ad.unpack_dual(f(moving))
        value = unpacked.primal.detach()
        if unpacked.tangent is not None:
            return value, unpacked.tangent.detach()
    return value, value * 0
