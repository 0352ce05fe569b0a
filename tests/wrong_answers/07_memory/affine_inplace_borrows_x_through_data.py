"""
task: affine_inplace
says: the value of an input
"""


def affine_inplace(x):
    x.data.add_(1)
    y = x * 2
    x.data.sub_(1)
    return y
