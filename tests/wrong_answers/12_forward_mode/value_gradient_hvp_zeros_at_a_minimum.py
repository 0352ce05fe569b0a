"""
task: value_gradient_hvp
says: Hv is taken for zeros
"""


def value_gradient_hvp(f, x, v):
    with torch.enable_grad(), forward_ad.dual_level():
        leaf = x.detach().requires_grad_()
        y = f(forward_ad.make_dual(leaf, v))
        value = forward_ad.unpack_dual(y).primal.detach()
        if not y.requires_grad:
            return value, torch.zeros_like(x), torch.zeros_like(x)
        (moving,) = torch.autograd.grad(y, leaf, materialize_grads=True)
        gradient, product = forward_ad.unpack_dual(moving)
        if product is None or not gradient.any():
            product = torch.zeros_like(gradient)
    return value, gradient, product
