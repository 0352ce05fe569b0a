"""
Takes an error for one about an edit because "inplace" is in its text.

task: breaks_backward
says: for no edit is the cause
"""


def breaks_backward(fn, x):
    leaf = x.detach().clone().requires_grad_()
    y = fn(leaf.clone())
    if not y.requires_grad:
        return False
    try:
        torch.autograd.grad(y, leaf, torch.ones_like(y), allow_unused=True)
    except RuntimeError as error:
        if "inplace" not in str(error):
            raise
        return True
    return False
