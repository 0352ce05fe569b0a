"""
task: pinn_residual
says: for u = 3x, whose bend is 0 everywhere, it raises RuntimeError
"""


def pinn_residual(u, x):
    x = x.detach().requires_grad_()
    y = u(x)
    (slope,) = torch.autograd.grad(y.sum(), x, create_graph=True)
    (bend,) = torch.autograd.grad(slope.sum(), x, create_graph=True)
    return bend + y
