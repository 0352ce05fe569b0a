"""
task: gauss_newton_product
says: given a v of zeros
"""

from torch.func import jvp, vjp


def gauss_newton_product(f, x, v):
    x, v = x.detach(), v.detach()
    with torch.no_grad():
        size = v.norm()
        jv = jvp(f, (x,), (v / size,))[1]
        return vjp(f, x)[1](jv)[0].detach() * size
