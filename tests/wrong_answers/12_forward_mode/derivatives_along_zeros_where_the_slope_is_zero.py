"""
task: derivatives_along
says: the last is taken for zeros
"""


def derivatives_along(f, x, v):
    slope = lambda t: torch.func.jvp(f, (t,), (v,))
    (value, first), (_, second) = torch.func.jvp(slope, (x,), (v,))
    if not first.any():
        second = torch.zeros_like(first)
    return value.detach(), first.detach(), second.detach()
