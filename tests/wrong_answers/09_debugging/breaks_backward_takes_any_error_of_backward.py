"""
Any error of backward is taken for the one in question.

task: breaks_backward
says: for no edit is the cause
"""


def breaks_backward(fn, x):
    leaf = x.detach().clone().requires_grad_()
    y = fn(leaf.clone())
    if not y.requires_grad:
        return False
    try:
        torch.autograd.grad(y.sum(), leaf, allow_unused=True)
    except RuntimeError:
        return True
    return False
