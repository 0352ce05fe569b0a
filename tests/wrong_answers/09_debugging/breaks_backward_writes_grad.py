"""
Back-propagates into everything that fn uses.

task: breaks_backward
says: backward runs to every leaf
"""


def breaks_backward(fn, x):
    y = fn(x.detach().clone().requires_grad_().clone())
    if not y.requires_grad:
        return False
    try:
        y.sum().backward()
    except RuntimeError as error:
        if "inplace" not in str(error):
            raise
        return True
    return False
