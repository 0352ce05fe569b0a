"""
task: gauss_newton_product
says: still has a graph attached
"""


def gauss_newton_product(f, x, v):
    _, pullback = torch.func.vjp(f, x.detach())
    _, pushed = torch.func.jvp(f, (x.detach(),), (v.detach(),))
    return pullback(pushed)[0]
