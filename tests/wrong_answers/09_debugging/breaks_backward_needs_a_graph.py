"""
A result without a graph crashes.

task: breaks_backward
says: on a result that has no graph
"""


def breaks_backward(fn, x):
    leaf = x.detach().clone().requires_grad_()
    y = fn(leaf.clone())
    try:
        torch.autograd.grad(y.sum(), leaf, allow_unused=True)
    except RuntimeError as error:
        if "inplace" not in str(error):
            raise
        return True
    return False
