"""
task: derivatives_along
says: f is called with recording switched off
"""


def derivatives_along(f, x, v):
    at, along = x.detach(), v.detach()

    def slope(t):
        return torch.func.jvp(f, (t,), (along,))

    with torch.no_grad():
        (value, first), (_, second) = torch.func.jvp(slope, (at,), (along,))
    return value.detach(), first.detach(), second.detach()
