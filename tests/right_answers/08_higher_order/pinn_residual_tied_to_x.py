"""
task: pinn_residual
way: works on x itself where x requires grad, so that gradients reach it
"""


def pinn_residual(u, x):
    x = x if x.requires_grad else x.detach().requires_grad_()
    y = u(x)
    (slope,) = torch.autograd.grad(y.sum(), x, create_graph=True)
    slope = slope + 0 * x
    return torch.autograd.grad(slope.sum(), x, create_graph=True)[0] + y
