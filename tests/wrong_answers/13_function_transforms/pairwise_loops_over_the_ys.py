"""
task: pairwise
says: f is called 3 times for 9 pairs
"""


def pairwise(f, xs, ys):
    over_xs = torch.func.vmap(f, in_dims=(0, None))
    return torch.stack([over_xs(xs, y) for y in ys], dim=1).detach()
