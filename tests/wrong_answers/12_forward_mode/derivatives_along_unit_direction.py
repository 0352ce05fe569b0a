"""
task: derivatives_along
says: differ
"""


def derivatives_along(f, x, v):
    at, along = x.detach(), v.detach() / v.detach().norm()

    def slope(t):
        return torch.func.jvp(f, (t,), (along,))

    (value, first), (_, second) = torch.func.jvp(slope, (at,), (along,))
    return value.detach(), first.detach(), second.detach()
