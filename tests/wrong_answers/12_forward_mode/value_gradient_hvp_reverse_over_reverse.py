"""
task: value_gradient_hvp
says: 2 backward passes go through f
"""


def value_gradient_hvp(f, x, v):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        zeros = torch.zeros_like(x.detach())
        if not y.requires_grad:
            return y, zeros, zeros
        (gradient,) = torch.autograd.grad(y, leaf, create_graph=True, materialize_grads=True)
    product = zeros
    if gradient.grad_fn is not None:
        (product,) = torch.autograd.grad(gradient, leaf, v, materialize_grads=True)
    return y.detach(), gradient.detach(), product
