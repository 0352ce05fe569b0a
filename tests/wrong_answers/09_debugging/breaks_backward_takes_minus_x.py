"""
task: breaks_backward
says: what fn was called with
says: the sign is flipped
"""


def breaks_backward(fn: Callable[[Tensor], Tensor], x: Tensor) -> bool:
    leaf = x.detach().clone().requires_grad_()
    y = fn(-leaf)
    if not y.requires_grad:
        return False
    try:
        torch.autograd.grad(y, leaf, torch.ones_like(y), allow_unused=True)
    except RuntimeError as error:
        if "modified by an inplace operation" not in str(error):
            raise
        return True
    return False
