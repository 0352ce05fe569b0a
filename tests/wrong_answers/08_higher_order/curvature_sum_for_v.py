"""
task: curvature
says: the elements of Hv are added up
"""


def curvature(f, x, v):
    x, v = x.detach().requires_grad_(), v.detach()
    (g,) = torch.autograd.grad(f(x), x, create_graph=True)
    if not g.requires_grad:
        return x.new_zeros(())
    (hv,) = torch.autograd.grad(g.sum(), x, materialize_grads=True)
    return (hv * v).sum()
