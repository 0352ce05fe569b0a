"""
task: affine_inplace
says: 2 storages of x's size are made, one is due
"""


def affine_inplace(x):
    y = x + 1
    y *= 2.0
    return y.clone()
