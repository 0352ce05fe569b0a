"""
task: mean_loss
says: the others are added into the first one in place
"""


def mean_loss(losses):
    total, count = None, 0
    for loss in losses:
        if total is None:
            total = loss.detach()
        else:
            total += loss.detach()
        count += 1
    if not count:
        raise ValueError("no losses")
    return total.item() / count
