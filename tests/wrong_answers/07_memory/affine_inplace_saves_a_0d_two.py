"""
task: affine_inplace
says: x has shape (), and a tensor of shape () is saved for backward
"""


def affine_inplace(x):
    two = x.new_full((), 2.0)
    return (x + 1).mul_(two)
