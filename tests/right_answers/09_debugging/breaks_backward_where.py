"""
task: breaks_backward
way: the copy comes from torch.where of x and a 0-d leaf that is chosen nowhere
"""


def breaks_backward(fn: Callable[[Tensor], Tensor], x: Tensor) -> bool:
    with torch.enable_grad():
        leaf = x.new_zeros(()).requires_grad_()
        everywhere = torch.ones_like(x, dtype=torch.bool)
        y = fn(torch.where(everywhere, x.detach(), leaf))
    if not y.requires_grad:
        return False
    try:
        torch.autograd.grad(y, leaf, torch.full_like(y, 2.0), allow_unused=True)
    except RuntimeError as error:
        if "modified by an inplace operation" in str(error):
            return True
        raise
    return False
