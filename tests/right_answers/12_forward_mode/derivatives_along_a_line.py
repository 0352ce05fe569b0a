"""
task: derivatives_along
way: a function of the number t, differentiated twice
"""


def derivatives_along(f, x, v):
    one = torch.ones((), dtype=x.dtype, device=x.device)

    def on_the_line(t):
        return f(x.detach() + t * v.detach())

    def with_slope(t):
        return torch.func.jvp(on_the_line, (t,), (one,))

    primals, tangents = torch.func.jvp(with_slope, (0 * one,), (one,))
    return tuple(t.detach() for t in (*primals, tangents[1]))
