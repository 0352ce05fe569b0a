"""
task: derivatives_along
says: the last is taken for zeros: the slope moves too
"""


def derivatives_along(f, x, v):
    at, along = x.detach(), v.detach()

    def slope(t):
        return torch.func.jvp(f, (t,), (along,))

    (value, first), (_, second) = torch.func.jvp(slope, (at,), (along,))
    return value.detach(), first.detach(), torch.zeros_like(first)
