"""
The second gradient is asked for without create_graph: u still has a graph, so nothing looks wrong.

task: pinn_residual
says: u″ is cut from the graph
"""


def pinn_residual(u, x):
    x = x.detach().requires_grad_()
    y = u(x)
    (slope,) = torch.autograd.grad(y.sum(), x, create_graph=True)
    if not slope.requires_grad:
        return y
    (bend,) = torch.autograd.grad(slope.sum(), x, retain_graph=True, materialize_grads=True)
    return bend + y
