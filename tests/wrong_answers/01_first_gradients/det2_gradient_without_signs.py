"""
task: det2_gradient
says: the minus signs are left out: det(a) holds -a[0, 1]·a[1, 0]
"""


def det2_gradient(a):
    return a.detach().flip(0, 1)
