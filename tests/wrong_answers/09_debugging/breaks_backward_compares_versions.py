"""
Whether the result was edited, not whether that does harm.

task: breaks_backward
says: yours is True, False is due
"""


def breaks_backward(fn, x):
    y = fn(x.detach().clone().requires_grad_().clone())
    return y.requires_grad and y._version > 0
