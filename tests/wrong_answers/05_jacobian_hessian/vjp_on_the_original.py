"""
task: vjp
says: the original x is made to record, so that the x inside f counts too
"""


def vjp(f, x, v):
    before = x.requires_grad
    x.requires_grad_()
    with torch.enable_grad():
        y = f(x)
    product = torch.zeros_like(x)
    if y.requires_grad:
        (product,) = torch.autograd.grad(y, x, v, materialize_grads=True)
    if x.is_leaf:
        x.requires_grad_(before)
    return y.detach(), product.detach()
