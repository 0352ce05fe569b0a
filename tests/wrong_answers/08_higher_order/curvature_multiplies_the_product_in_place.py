"""
task: curvature
says: for f = (Σx)³, whose gradients are one number
"""


def curvature(f, x, v):
    x, v = x.detach().requires_grad_(), v.detach()
    (gradient,) = torch.autograd.grad(f(x), x, create_graph=True)
    if not gradient.requires_grad:
        return v.new_zeros(())
    (product,) = torch.autograd.grad((gradient * v).sum(), x, allow_unused=True)
    if product is None:
        return v.new_zeros(())
    return product.mul_(v).sum()
