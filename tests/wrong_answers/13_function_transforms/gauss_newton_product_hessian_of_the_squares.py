"""
task: gauss_newton_product
says: with the second derivatives of f
"""


def gauss_newton_product(f, x, v):
    gradient = torch.func.grad(lambda t: f(t).square().sum() / 2)
    return torch.func.jvp(gradient, (x,), (v,))[1].detach()
