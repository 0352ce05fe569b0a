"""
task: gauss_newton_product
says: the other way round, JJᵀv
"""


def gauss_newton_product(f, x, v):
    y, pullback = torch.func.vjp(f, x)
    (pulled,) = pullback(v.reshape(y.shape))
    return torch.func.jvp(f, (x,), (pulled,))[1].detach()
