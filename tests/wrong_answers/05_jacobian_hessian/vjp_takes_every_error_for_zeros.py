"""
task: vjp
says: ErrorOfF is due when the backward of f raises ErrorOfF, a RuntimeError with torch's own words; nothing was raised
"""


def vjp(f: Callable[[Tensor], Tensor], x: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
    if not y.requires_grad:
        return y, torch.zeros_like(x)
    try:
        (product,) = torch.autograd.grad(y, leaf, v)
    except RuntimeError:
        product = torch.zeros_like(x).detach()
    return y.detach(), product
