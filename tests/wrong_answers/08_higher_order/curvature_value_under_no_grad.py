"""
task: curvature
says: grad mode is off
"""


def curvature(f, x, v):
    with torch.no_grad():
        f(x)
    v = v.detach()
    x = x.detach().requires_grad_()
    (g,) = torch.autograd.grad(f(x), x, create_graph=True)
    if not g.requires_grad:
        return g.new_zeros(())
    (hv,) = torch.autograd.grad((g * v).sum(), x, materialize_grads=True)
    return (hv * v).sum().detach()
