"""
task: curvature
says: 4 together are enough, whatever the size
"""


def curvature(f, x, v):
    x, v = x.detach(), v.detach()
    n = x.numel()
    return (
        v.reshape(-1)
        @ torch.autograd.functional.hessian(f, x).reshape(n, n).detach()
        @ v.reshape(-1)
    )
