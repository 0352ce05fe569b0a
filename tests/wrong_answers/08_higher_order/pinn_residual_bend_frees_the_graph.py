"""
task: pinn_residual
says: which frees the graph that it walks unless create_graph=True
says: Trying to backward through the graph a second time
"""


def pinn_residual(u, x):
    x = x.detach().requires_grad_()
    y = u(x)
    (slope,) = torch.autograd.grad(y.sum(), x, create_graph=True)
    if not slope.requires_grad:
        return y
    (bend,) = torch.autograd.grad(slope.sum(), x, materialize_grads=True)
    return bend + y
