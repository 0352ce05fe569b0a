"""
task: gauss_newton_product
says: Jv is returned
"""


def gauss_newton_product(f, x, v):
    return torch.func.jvp(f, (x,), (v,))[1].detach()
