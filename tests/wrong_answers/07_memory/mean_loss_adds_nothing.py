"""
task: mean_loss
says: nothing is added up
"""


def mean_loss(losses):
    total, n = 0.0, 0
    for l in losses:
        n += 1
    if not n:
        raise ValueError("no losses")
    return total / n
