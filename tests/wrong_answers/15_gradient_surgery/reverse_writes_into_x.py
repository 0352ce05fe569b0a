"""
task: reverse_gradient
says: modified by an inplace operation
"""


def reverse_gradient(x, strength):
    return x.detach().sub_(strength * (x - x.detach()))
