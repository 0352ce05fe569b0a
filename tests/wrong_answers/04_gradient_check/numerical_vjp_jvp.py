"""
task: numerical_vjp
says: J is multiplied with v from the right: that is Jv
"""


def numerical_vjp(f, x, v, eps):
    x, v = x.detach(), v.detach()
    if v.shape != x.shape:
        raise ValueError("v must have the shape of x")
    return ((f(x + eps * v) - f(x - eps * v)) / (2 * eps)).detach()
