"""
fn gets a leaf, which may not be edited.

task: breaks_backward
says: a copy that is no leaf
says: a leaf Variable that requires grad is being used in an in-place operation
"""


def breaks_backward(fn, x):
    leaf = x.detach().clone().requires_grad_()
    y = fn(leaf)
    if not y.requires_grad:
        return False
    try:
        torch.autograd.grad(y.sum(), leaf, allow_unused=True)
    except RuntimeError as error:
        if "inplace" not in str(error):
            raise
        return True
    return False
