"""
task: pinn_residual
says: u′ and u″ add up in .grad
"""


def pinn_residual(u, x):
    x = x.detach().requires_grad_()
    y = u(x)
    y.sum().backward(create_graph=True, inputs=[x])
    x.grad.sum().backward(create_graph=True, inputs=[x])
    return x.grad + y
