"""
task: value_gradient_hvp
says: Hv is taken for zeros: the gradient must carry a tangent
"""


def value_gradient_hvp(f, x, v):
    with torch.enable_grad(), forward_ad.dual_level():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        value = y.detach()
        if not y.requires_grad:
            return value, torch.zeros_like(x), torch.zeros_like(x)
        (moving,) = torch.autograd.grad(y, leaf, materialize_grads=True)
        gradient, product = forward_ad.unpack_dual(moving)
    gradient = gradient.detach()
    return value, gradient, torch.zeros_like(gradient) if product is None else product.detach()
