"""
task: derivatives_along
says: for an f that looks at the numbers
"""


def derivatives_along(f, x, v):
    x, v = x.detach(), v.detach()
    t = torch.zeros((), dtype=x.dtype)

    def g(t):
        y = f(x + t * v)
        return y, y

    def h(t):
        d, y = torch.func.jacfwd(g, has_aux=True)(t)
        return d, (d, y)

    second, (first, value) = torch.func.jacfwd(h, has_aux=True)(t)
    return value.detach(), first.detach(), second.detach()
