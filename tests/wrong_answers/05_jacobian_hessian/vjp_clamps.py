"""
task: vjp
says: differ
"""


def vjp(f, x, v):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
    if not y.requires_grad:
        return (y, torch.zeros_like(x))
    (product,) = torch.autograd.grad(y, leaf, v, materialize_grads=True)
    return y.detach(), product.clamp(-1000.0, 1000.0)
