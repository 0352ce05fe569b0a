"""
task: affine_inplace
says: 2 storages of x's size are made, one is due
"""


def affine_inplace(x):
    return 2 * (x + 1)
