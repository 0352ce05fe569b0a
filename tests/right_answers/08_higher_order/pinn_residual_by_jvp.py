"""
task: pinn_residual
way: forward over forward
"""


def pinn_residual(u, x):
    x = x.detach()
    one = torch.ones_like(x)

    def slope(t):
        return torch.func.jvp(u, (t,), (one,))[1]

    return torch.func.jvp(slope, (x,), (one,))[1] + u(x)
