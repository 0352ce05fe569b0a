"""
fn gets a view of a leaf, which may not be edited either.

task: breaks_backward
says: a view of a leaf Variable
"""


def breaks_backward(fn, x):
    y = fn(x.detach().requires_grad_()[...])
    if not y.requires_grad:
        return False
    try:
        y.sum().backward()
    except RuntimeError as error:
        if "inplace" not in str(error):
            raise
        return True
    return False
