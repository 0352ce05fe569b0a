"""
task: pairwise
says: f is called 9 times for 9 pairs
"""


def pairwise(f, xs, ys):
    return torch.stack([torch.stack([f(x, y) for y in ys]) for x in xs]).detach()
