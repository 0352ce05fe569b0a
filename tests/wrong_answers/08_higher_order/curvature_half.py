"""
task: curvature
says: Yours is torch's times 0.5
"""


def curvature(f, x, v):
    x, v = x.detach().requires_grad_(), v.detach()
    (g,) = torch.autograd.grad(f(x), x, create_graph=True)
    if not g.requires_grad:
        return x.new_zeros(())
    (hv,) = torch.autograd.grad((g * v).sum(), x, materialize_grads=True)
    return (hv * v).sum() / 2
