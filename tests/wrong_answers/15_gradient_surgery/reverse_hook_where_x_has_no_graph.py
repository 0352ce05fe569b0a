"""
task: reverse_gradient
says: where x requires no grad
"""


def reverse_gradient(x, strength):
    out = x.clone()
    out.register_hook(lambda g: -strength * g)
    return out
