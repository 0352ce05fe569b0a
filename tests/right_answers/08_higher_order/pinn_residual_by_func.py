"""
task: pinn_residual
way: grad of grad of the sum
"""


def pinn_residual(u, x):
    x = x.detach()

    def slope(t):
        return torch.func.grad(lambda s: u(s).sum())(t)

    return u(x) + torch.func.grad(lambda t: slope(t).sum())(x)
