"""
task: affine_inplace
says: 2 storages of x's size are made
"""


def affine_inplace(x):
    return (x + 1).mul_(torch.full_like(x, 2))
