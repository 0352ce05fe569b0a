"""
Flattens the result by view, which a transposed one refuses.

task: breaks_backward
says: view size is not compatible
"""


def breaks_backward(fn, x):
    leaf = x.detach().clone().requires_grad_()
    y = fn(leaf.clone())
    if not y.requires_grad:
        return False
    try:
        torch.autograd.grad(y.view(-1).sum(), leaf, allow_unused=True)
    except RuntimeError as error:
        if "modified by an inplace operation" not in str(error):
            raise
        return True
    return False
