"""
task: pinn_residual
says: not even garbage collection frees them
"""


def pinn_residual(u, x):
    x = x.detach().requires_grad_()
    y = u(x)
    y.sum().backward(create_graph=True, inputs=[x])
    slope = x.grad
    if not slope.requires_grad:
        return y
    (bend,) = torch.autograd.grad(slope.sum(), x, create_graph=True, materialize_grads=True)
    return bend + y
