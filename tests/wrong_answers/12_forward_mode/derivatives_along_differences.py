"""
task: derivatives_along
says: f(x) and its derivatives along v
"""


def derivatives_along(f, x, v):
    x, v, h = x.detach(), v.detach(), 1e-4
    before, value, after = (f(x + t * v).detach() for t in (-h, 0, h))
    return value, (after - before) / (2 * h), (after - 2 * value + before) / h**2
