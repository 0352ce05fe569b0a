"""
task: affine_inplace
way: doubles, then adds 2 in place
"""


def affine_inplace(x):
    y = x * 2
    y += 2
    return y
