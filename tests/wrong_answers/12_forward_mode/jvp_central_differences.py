"""
task: jvp
says: a difference of values nearby only comes near Jv
"""


def jvp(f, x, v):
    x, v, eps = x.detach(), v.detach(), 1e-6
    value = f(x).detach()
    return value, ((f(x + eps * v) - f(x - eps * v)) / (2 * eps)).detach()
