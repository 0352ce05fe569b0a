"""
task: curvature
says: the gradient has no graph and is taken for a constant
"""


def curvature(f, x, v):
    x, v = x.detach().requires_grad_(), v.detach()
    (g,) = torch.autograd.grad(f(x), x)
    if not g.requires_grad:
        return x.new_zeros(())
    (hv,) = torch.autograd.grad((g * v).sum(), x, materialize_grads=True)
    return (hv * v).sum()
