"""
task: affine_inplace
way: edits a clone
"""


def affine_inplace(x):
    y = x.clone()
    y.add_(1)
    y.mul_(2)
    return y
