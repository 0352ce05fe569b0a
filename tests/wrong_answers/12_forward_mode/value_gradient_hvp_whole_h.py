"""
task: value_gradient_hvp
says: a tensor of 4,000,000 is made
"""


def value_gradient_hvp(f, x, v):
    value, gradient, product = _through_h(f, x, v)
    return value, gradient, product


def _through_h(f, x, v):
    with torch.enable_grad(), forward_ad.dual_level():
        leaf = x.detach().requires_grad_()
        y = f(forward_ad.make_dual(leaf, v))
        value = forward_ad.unpack_dual(y).primal.detach()
        if not y.requires_grad:
            return value, torch.zeros_like(x), torch.zeros_like(x)
        (moving,) = torch.autograd.grad(y, leaf, materialize_grads=True)
        gradient, product = forward_ad.unpack_dual(moving)
    gradient = gradient.detach()
    if product is None:
        return value, gradient, torch.zeros_like(gradient)
    eye = torch.eye(x.numel(), dtype=x.dtype, device=x.device)
    return value, gradient, (eye @ product.detach().reshape(-1)).reshape(x.shape)
