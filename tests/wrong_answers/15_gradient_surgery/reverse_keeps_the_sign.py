"""
task: reverse_gradient
says: the gradient keeps its sign
"""


def reverse_gradient(x, strength):
    return x.detach() + strength * (x - x.detach())
