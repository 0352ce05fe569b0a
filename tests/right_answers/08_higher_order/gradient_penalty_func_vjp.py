"""
task: gradient_penalty
way: torch.func.vjp, and a sum over a generator expression
"""


def gradient_penalty(critic, x):
    from torch.func import vjp

    scores, back = vjp(critic, x.detach())
    (g,) = back(torch.ones_like(scores))
    dims = tuple(range(1, x.ndim))
    return sum((n - 1) ** 2 for n in g.square().sum(dims).sqrt()) / x.shape[0]
