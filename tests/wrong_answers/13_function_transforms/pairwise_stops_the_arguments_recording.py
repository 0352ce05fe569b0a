"""
task: pairwise
says: requires_grad of input 1
"""


def pairwise(f, xs, ys):
    over_ys = torch.func.vmap(f, in_dims=(None, 0))
    xs.requires_grad_(False)
    ys.requires_grad_(False)
    return torch.func.vmap(over_ys, in_dims=(0, None))(xs, ys).detach()
