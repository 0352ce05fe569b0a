"""
task: gauss_newton_product
says: elements differ
"""


def gauss_newton_product(f, x, v):
    y, pullback = torch.func.vjp(f, x)
    with torch.no_grad():
        pushed = (f(x + 1e-7 * v) - y) / 1e-7
    return pullback(pushed)[0].detach()
