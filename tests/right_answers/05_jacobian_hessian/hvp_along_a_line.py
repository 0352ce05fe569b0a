"""
task: hvp
way: g·v is the derivative by t at x + t·v; that is differentiated by x
"""


def hvp(f, x, v):
    zeros = torch.zeros(x.shape, dtype=x.dtype, device=x.device)
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        t = torch.zeros((), dtype=x.dtype, device=x.device, requires_grad=True)
        y = f(leaf + t * v)
        if not y.requires_grad:
            return zeros
        (slope,) = torch.autograd.grad(y, t, create_graph=True, allow_unused=True)
        if slope is None or not slope.requires_grad:
            return zeros
        (product,) = torch.autograd.grad(slope, leaf, allow_unused=True)
    return zeros if product is None else product
