"""
task: pinn_residual
way: keeps x in the graph by adding 0·x
"""


def pinn_residual(u, x):
    x = x.clone().detach().requires_grad_(True)
    value = u(x)
    ones = torch.ones_like(value)
    du = torch.autograd.grad(value, x, ones, create_graph=True)[0] + 0 * x
    d2u = torch.autograd.grad(du, x, ones, create_graph=True)[0]
    return d2u + value
