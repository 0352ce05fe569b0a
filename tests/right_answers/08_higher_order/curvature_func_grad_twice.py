"""
task: curvature
way: the gradient of the slope along v, both by torch.func
"""


def curvature(f, x, v):
    x, v = x.detach(), v.detach()
    hv = torch.func.grad(lambda t: (torch.func.grad(f)(t) * v).sum())(x)
    return (hv * v).sum().detach()
