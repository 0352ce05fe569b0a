"""
task: derivatives_along
says: given a 0-d x in float32
"""


def derivatives_along(f, x, v):
    x, v = x.detach(), v.detach()
    t = torch.zeros((), dtype=torch.float64)
    one = torch.ones((), dtype=torch.float64)
    line = lambda s: f(x + s * v)
    (value, first), (_, second) = torch.func.jvp(
        lambda s: torch.func.jvp(line, (s,), (one,)), (t,), (one,)
    )
    return value.detach(), first.detach(), second.detach()
