"""
task: derivatives_along
says: f is called 2 times
"""


def derivatives_along(f, x, v):
    at, along = x.detach(), v.detach()

    def slope(t):
        return torch.func.jvp(f, (t,), (along,))[1]

    first, second = torch.func.jvp(slope, (at,), (along,))
    return f(at).detach(), first.detach(), second.detach()
