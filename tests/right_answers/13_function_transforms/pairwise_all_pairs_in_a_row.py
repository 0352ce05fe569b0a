"""
task: pairwise
way: each x repeated for each y, one vmap over all pairs
"""


def pairwise(f, xs, ys):
    left = xs.detach().repeat_interleave(len(ys), 0)
    right = ys.detach().repeat(len(xs), *[1] * (ys.ndim - 1))
    pairs = torch.func.vmap(f)(left, right).detach()
    return pairs.reshape(len(xs), len(ys), *pairs.shape[1:])
