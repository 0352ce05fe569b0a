"""
task: pairwise
says: given an f that ignores ys, it raises RuntimeError
"""


def pairwise(f, xs, ys):
    over_xs = torch.func.vmap(f, in_dims=(0, None))
    return torch.func.vmap(over_xs, in_dims=(None, 0), out_dims=1)(xs, ys).detach()
