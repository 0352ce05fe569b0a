"""
task: pinn_residual
says: .grad of the parameter '0.weight' was None before the call
"""


def pinn_residual(u, x):
    x = x.detach().requires_grad_()
    y = u(x)
    y.sum().backward(create_graph=True)
    slope, x.grad = x.grad, None
    if not slope.requires_grad:
        return y
    (bend,) = torch.autograd.grad(slope.sum(), x, create_graph=True, materialize_grads=True)
    return bend + y
