"""
task: value_gradient_hvp
way: the dual itself is what the gradient is asked for, with allow_unused
"""


def value_gradient_hvp(f, x, v):
    gradient = product = None
    with torch.enable_grad(), forward_ad.dual_level():
        moving = forward_ad.make_dual(x.detach().clone().requires_grad_(), v.detach())
        y = f(moving)
        if y.requires_grad:
            (pulled,) = torch.autograd.grad(y, moving, allow_unused=True)
            if pulled is not None:
                gradient, product = forward_ad.unpack_dual(pulled)
        value = forward_ad.unpack_dual(y).primal
    found = [torch.zeros_like(x) if part is None else part for part in (gradient, product)]
    return value.detach(), found[0].detach(), found[1].detach()
