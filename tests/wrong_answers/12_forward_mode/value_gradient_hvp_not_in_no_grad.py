"""
task: value_gradient_hvp
says: inside torch.no_grad()
"""


def value_gradient_hvp(f, x, v):
    with forward_ad.dual_level():
        leaf = x.detach().requires_grad_()
        y = f(forward_ad.make_dual(leaf, v))
        value = forward_ad.unpack_dual(y).primal.detach()
        if not y.requires_grad:
            return value, torch.zeros_like(x), torch.zeros_like(x)
        (moving,) = torch.autograd.grad(y, leaf, materialize_grads=True)
        gradient, product = forward_ad.unpack_dual(moving)
    gradient = gradient.detach()
    return value, gradient, torch.zeros_like(gradient) if product is None else product.detach()
