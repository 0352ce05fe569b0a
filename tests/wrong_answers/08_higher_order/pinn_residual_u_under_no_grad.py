"""
task: pinn_residual
says: only u″ has one
"""


def pinn_residual(u, x):
    with torch.no_grad():
        value = u(x)
    x = x.detach().requires_grad_()
    (slope,) = torch.autograd.grad(u(x).sum(), x, create_graph=True)
    if not slope.requires_grad:
        return u(x)
    (bend,) = torch.autograd.grad(slope.sum(), x, create_graph=True, materialize_grads=True)
    return bend + value
