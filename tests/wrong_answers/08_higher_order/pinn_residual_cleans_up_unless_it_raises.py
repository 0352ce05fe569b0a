"""
task: pinn_residual
says: outlives a call that raises
"""


def pinn_residual(u, x):
    x = x.detach().requires_grad_()
    y = u(x)
    y.sum().backward(create_graph=True, inputs=[x])
    slope = x.grad
    bend = torch.zeros_like(y)
    if slope.requires_grad:
        (bend,) = torch.autograd.grad(slope.sum(), x, create_graph=True, materialize_grads=True)
    x.grad = None
    return bend + y
