"""
Takes every error that says allow_unused for torch's own.

task: breaks_backward
says: for no edit is the cause; nothing was raised
"""


def breaks_backward(fn, x):
    leaf = x.detach().clone().requires_grad_()
    y = fn(leaf.clone())
    if not y.requires_grad:
        return False
    try:
        torch.autograd.grad(y.sum(), leaf)
    except RuntimeError as error:
        if "allow_unused" in str(error):
            return False
        if "modified by an inplace operation" not in str(error):
            raise
        return True
    return False
