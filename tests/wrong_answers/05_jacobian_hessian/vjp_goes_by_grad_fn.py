"""
task: vjp
says: f(x) and vᵀJ of f(x) = x
says: f(x) is taken for constant because it has no grad_fn: it is the leaf itself here
"""


def vjp(f, x, v):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
    if y.grad_fn is None:
        return y.detach(), torch.zeros_like(leaf, requires_grad=False)
    (product,) = torch.autograd.grad(y, leaf, v, materialize_grads=True)
    return y.detach(), product
