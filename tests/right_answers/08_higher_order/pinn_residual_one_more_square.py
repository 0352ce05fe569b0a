"""
task: pinn_residual
way: adds x² to u, so that the slope always has x in its graph, and 2 is taken off
"""


def pinn_residual(u, x):
    x = x.detach().requires_grad_()
    y = u(x)
    (slope,) = torch.autograd.grad((y + x.square()).sum(), x, create_graph=True)
    return torch.autograd.grad(slope.sum(), x, create_graph=True)[0] - 2 + y
