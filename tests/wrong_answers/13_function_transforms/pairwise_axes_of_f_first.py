"""
task: pairwise
says: has shape (2, 1, 3, 3)
"""


def pairwise(f, xs, ys):
    over_ys = torch.func.vmap(f, in_dims=(None, 0))
    pairs = torch.func.vmap(over_ys, in_dims=(0, None))(xs, ys).detach()
    return pairs.movedim((0, 1), (-2, -1))
