"""
task: pairwise
says: each x meets one y
"""


def pairwise(f, xs, ys):
    return torch.func.vmap(f)(xs, ys).detach()
