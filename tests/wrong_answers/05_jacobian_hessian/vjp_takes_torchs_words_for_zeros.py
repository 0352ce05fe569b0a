"""
task: vjp
says: ErrorOfF is due when the backward of f raises ErrorOfF, a RuntimeError with torch's own words; nothing was raised
"""


def vjp(f, x, v):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        try:
            y = f(leaf)
            (product,) = torch.autograd.grad(y, leaf, v)
        except RuntimeError as e:
            if "does not require grad" in str(e) or "not have been used" in str(e):
                return f(leaf).detach(), torch.zeros_like(x)
            raise
    return y.detach(), product
