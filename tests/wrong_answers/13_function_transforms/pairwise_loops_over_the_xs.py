"""
task: pairwise
says: f is called 3 times for 9 pairs
"""


def pairwise(f, xs, ys):
    over_ys = torch.func.vmap(f, in_dims=(None, 0))
    return torch.stack([over_ys(x, ys) for x in xs]).detach()
