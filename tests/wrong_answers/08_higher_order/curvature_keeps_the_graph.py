"""
task: curvature
says: still has a graph attached
"""


def curvature(f, x, v):
    x = x.detach().requires_grad_()
    (g,) = torch.autograd.grad(f(x), x, create_graph=True)
    if not g.requires_grad:
        return x.new_zeros(())
    (hv,) = torch.autograd.grad((g * v).sum(), x, create_graph=True, materialize_grads=True)
    return (hv * v).sum()
