"""
task: gauss_newton_product
says: f(x) is pulled back
"""


def gauss_newton_product(f, x, v):
    y, pullback = torch.func.vjp(f, x)
    return pullback(y)[0].detach()
