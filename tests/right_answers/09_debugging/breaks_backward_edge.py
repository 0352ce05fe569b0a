"""
task: breaks_backward
way: remembers the edge of the copy before the call
"""


def breaks_backward(fn, x):
    from torch.autograd.graph import get_gradient_edge

    with torch.enable_grad():
        copy = x.detach().clone().requires_grad_().clone()
        edge = get_gradient_edge(copy)
        y = fn(copy)
    if not y.requires_grad:
        return False
    try:
        torch.autograd.grad(y.sum(), edge, allow_unused=True)
        return False
    except RuntimeError as error:
        if "inplace operation" not in str(error):
            raise
        return True
