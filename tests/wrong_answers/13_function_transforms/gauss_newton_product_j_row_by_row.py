"""
task: gauss_newton_product
says: 500 operations run
"""


def gauss_newton_product(f, x, v):
    y, pullback = torch.func.vjp(f, x)
    result = torch.zeros_like(v)
    for i in range(y.numel()):
        one = torch.zeros_like(y).reshape(-1)
        one[i] = 1
        (row,) = pullback(one.reshape(y.shape))
        result = result + row * (row * v).sum()
    return result.detach()
