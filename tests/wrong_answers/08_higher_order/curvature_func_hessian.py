"""
One walk, for all rows at once: only the size of what it makes tells.

task: curvature
says: a tensor of 90,000 is made; H has 90,000
"""


def curvature(f, x, v):
    x, v = x.detach(), v.detach()
    n = x.numel()
    return (v.reshape(-1) @ torch.func.hessian(f)(x).reshape(n, n) @ v.reshape(-1)).detach()
