"""
A result without a graph counts as broken.

task: breaks_backward
says: on a result that has no graph, or is the argument itself: yours is True, False is due
"""


def breaks_backward(fn, x):
    leaf = x.detach().clone().requires_grad_()
    y = fn(leaf.clone())
    if not y.requires_grad:
        return True
    try:
        torch.autograd.grad(y.sum(), leaf, allow_unused=True)
    except RuntimeError as error:
        if "inplace" not in str(error):
            raise
        return True
    return False
