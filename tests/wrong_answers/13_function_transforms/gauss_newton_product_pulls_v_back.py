"""
task: gauss_newton_product
says: v is pulled back
"""


def gauss_newton_product(f, x, v):
    y, pullback = torch.func.vjp(f, x)
    return pullback(v.reshape(y.shape))[0].detach()
