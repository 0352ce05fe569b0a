"""
task: curvature
way: jvp of the gradient
"""


def curvature(f, x, v):
    x, v = x.detach(), v.detach()
    hv = torch.func.jvp(torch.func.grad(f), (x,), (v,))[1]
    return torch.sum(hv * v).detach()
