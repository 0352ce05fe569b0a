"""
task: reverse_gradient
says: strength is left out
"""


def reverse_gradient(x, strength):
    return x.detach() - (x - x.detach())
