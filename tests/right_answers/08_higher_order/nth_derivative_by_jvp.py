"""
task: nth_derivative
way: forward mode, nested
"""


def nth_derivative(f, x, n):
    def push(g):
        return lambda t: torch.func.jvp(g, (t,), (torch.ones_like(t),))[1]

    for _ in range(n):
        f = push(f)
    return f(x.detach()).detach()
