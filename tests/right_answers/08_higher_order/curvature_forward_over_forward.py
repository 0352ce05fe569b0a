"""
task: curvature
way: jvp of jvp
"""


def curvature(f, x, v):
    x, v = x.detach(), v.detach()

    def slope(t):
        return torch.func.jvp(f, (t,), (v,))[1]

    return torch.func.jvp(slope, (x,), (v,))[1].detach()
