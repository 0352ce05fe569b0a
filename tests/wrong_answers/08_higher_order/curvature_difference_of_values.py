"""
task: curvature
says: so does a difference quotient
"""


def curvature(f, x, v):
    x, v = x.detach(), v.detach()
    with torch.no_grad():
        return ((f(x + 1e-4 * v) - 2 * f(x) + f(x - 1e-4 * v)) / 1e-8).detach()
