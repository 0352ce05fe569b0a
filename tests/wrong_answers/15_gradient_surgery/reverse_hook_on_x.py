"""
task: reverse_gradient
says: all of h's gradient is reversed
"""


def reverse_gradient(x, strength):
    if x.requires_grad:
        x.register_hook(lambda g: -strength * g)
    return x
