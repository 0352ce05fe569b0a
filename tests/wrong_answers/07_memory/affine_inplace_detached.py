"""
task: affine_inplace
says: is cut from the graph
"""


def affine_inplace(x):
    return (x.detach() + 1).mul_(2)
