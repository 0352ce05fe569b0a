"""
task: affine_inplace
says: x was edited in place
says: edit a new tensor
"""


def affine_inplace(x):
    x.add_(1).mul_(2)
    return x
