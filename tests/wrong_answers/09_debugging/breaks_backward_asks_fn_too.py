"""
An error of fn about an edit is taken for one of backward.

task: breaks_backward
says: fn itself raises it: let it pass through
"""


def breaks_backward(fn, x):
    leaf = x.detach().clone().requires_grad_()
    try:
        y = fn(leaf.clone())
        if not y.requires_grad:
            return False
        torch.autograd.grad(y.sum(), leaf, allow_unused=True)
    except RuntimeError as error:
        if "in-place" in str(error) or "inplace" in str(error):
            return True
        raise
    return False
