"""
task: affine_inplace
says: its graph does not lead back to x
"""


def affine_inplace(x):
    return (x.detach() + 1).mul_(2).requires_grad_(x.requires_grad)
