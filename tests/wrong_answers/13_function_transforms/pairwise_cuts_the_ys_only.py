"""
task: pairwise
says: still has a graph attached
"""


def pairwise(f, xs, ys):
    over_ys = torch.func.vmap(f, in_dims=(None, 0))
    return torch.func.vmap(over_ys, in_dims=(0, None))(xs.detach(), ys.detach())
