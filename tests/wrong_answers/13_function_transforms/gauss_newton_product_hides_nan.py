"""
task: gauss_newton_product
says: of NaN
"""


def gauss_newton_product(f, x, v):
    pushed = torch.func.jvp(f, (x,), (v,))[1]
    (product,) = torch.func.vjp(f, x)[1](pushed)
    return product.detach().nan_to_num()
