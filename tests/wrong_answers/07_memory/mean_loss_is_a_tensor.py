"""
task: mean_loss
says: a Python float is due
"""


def mean_loss(losses):
    total, count = 0.0, 0
    for loss in losses:
        total += loss.detach()
        count += 1
    if not count:
        raise ValueError("no losses")
    return total / count
