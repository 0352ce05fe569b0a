"""
task: reverse_gradient
says: ∞ − ∞ is NaN
"""


def reverse_gradient(x, strength):
    carrier = -strength * x
    return x.detach() + (carrier - carrier.detach())
