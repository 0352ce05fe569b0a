"""
task: mean_loss
says: where the mean is 0, it raises ValueError
"""


def mean_loss(losses):
    total, n = 0.0, 0
    for l in losses:
        total += l.item()
        n += 1
    if not total:
        raise ValueError("no losses")
    return total / n
