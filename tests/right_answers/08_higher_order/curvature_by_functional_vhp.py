"""
task: curvature
way: torch.autograd.functional.vhp
"""


def curvature(f, x, v):
    _, vh = torch.autograd.functional.vhp(f, x.detach(), v.detach())
    return (vh * v.detach()).sum()
