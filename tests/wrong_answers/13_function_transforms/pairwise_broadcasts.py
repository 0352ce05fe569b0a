"""
task: pairwise
says: f is called with an x of shape (3, 1, 2)
"""


def pairwise(f, xs, ys):
    return f(xs[:, None], ys[None]).detach()
