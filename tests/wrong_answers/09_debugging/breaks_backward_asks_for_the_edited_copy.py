"""
The gradient is asked for the copy, which after an edit is another point of the graph.

task: breaks_backward
says: y = x.sin(), which saves x, and then x.add_(1): yours is False, True is due
"""


def breaks_backward(fn, x):
    copy = x.detach().clone().requires_grad_().clone()
    y = fn(copy)
    if not y.requires_grad:
        return False
    try:
        torch.autograd.grad(y.sum(), copy, allow_unused=True)
    except RuntimeError as error:
        if "inplace" not in str(error):
            raise
        return True
    return False
