"""
task: affine_inplace
says: the value of an input
says: before the call
"""


def affine_inplace(x):
    x.add_(1).mul_(2)
    return x
