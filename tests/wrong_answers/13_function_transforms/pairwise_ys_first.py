"""
task: pairwise
says: the ys come first
"""


def pairwise(f, xs, ys):
    return torch.func.vmap(torch.func.vmap(f, in_dims=(0, None)), in_dims=(None, 0))(
        xs, ys
    ).detach()
