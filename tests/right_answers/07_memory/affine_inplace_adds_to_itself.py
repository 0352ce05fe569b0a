"""
task: affine_inplace
way: x + x saves nothing
"""


def affine_inplace(x):
    return torch.add(x, x).add_(2.0)
