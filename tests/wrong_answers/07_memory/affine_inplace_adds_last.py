"""
task: affine_inplace
says: 1 is added last
"""


def affine_inplace(x):
    return (x * 2).add_(1)
