"""
task: pinn_residual
says: means are differentiated
"""


def pinn_residual(u, x):
    x = x.detach().requires_grad_()
    y = u(x)
    (slope,) = torch.autograd.grad(y.mean(), x, create_graph=True)
    if not slope.requires_grad:
        return y
    (bend,) = torch.autograd.grad(slope.mean(), x, create_graph=True, materialize_grads=True)
    return bend + y
