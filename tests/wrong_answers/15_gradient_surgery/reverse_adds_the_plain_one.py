"""
task: reverse_gradient
says: reaches h twice
"""


def reverse_gradient(x, strength):
    return x - strength * (x - x.detach())
