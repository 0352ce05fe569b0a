"""
task: affine_inplace
says: the product in place is hidden from autograd
"""


def affine_inplace(x):
    y = x + 1
    y.data.mul_(2)
    return y
