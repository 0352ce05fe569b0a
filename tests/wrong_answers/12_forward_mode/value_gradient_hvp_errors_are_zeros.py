"""
task: value_gradient_hvp
says: f raises ErrorOfF
"""


def value_gradient_hvp(f, x, v):
    with torch.enable_grad(), forward_ad.dual_level():
        leaf = x.detach().requires_grad_()
        y = f(forward_ad.make_dual(leaf, v))
        value = forward_ad.unpack_dual(y).primal.detach()
        try:
            (moving,) = torch.autograd.grad(y, leaf, allow_unused=True)
            gradient, product = forward_ad.unpack_dual(moving)
        except (RuntimeError, TypeError, AttributeError):
            gradient, product = torch.zeros_like(x), None
    gradient = gradient.detach()
    return value, gradient, torch.zeros_like(gradient) if product is None else product.detach()
