"""
task: pairwise
says: still has a graph attached
"""


def pairwise(f, xs, ys):
    return torch.func.vmap(torch.func.vmap(f, in_dims=(None, 0)), in_dims=(0, None))(xs, ys)
