"""
task: affine_inplace
says: 2 storages of x's size are made
"""


def affine_inplace(x):
    y = x + torch.ones_like(x)
    y *= 2
    return y
