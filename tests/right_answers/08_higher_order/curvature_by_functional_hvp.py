"""
task: curvature
way: torch.autograd.functional.hvp
"""


def curvature(f, x, v):
    _, hv = torch.autograd.functional.hvp(f, x.detach().clone(), v.detach().clone())
    return torch.dot(hv.flatten(), v.detach().flatten())
