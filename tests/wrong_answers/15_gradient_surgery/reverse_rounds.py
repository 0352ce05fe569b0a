"""
task: reverse_gradient
says: the value is rounded
"""


def reverse_gradient(x, strength):
    return (1 + strength) * x.detach() - strength * x
