"""
task: mean_loss
says: NaN counts as 0: let it through
"""


def mean_loss(losses):
    total, count = 0.0, 0
    for loss in losses:
        value = loss.item()
        total += 0.0 if value != value else value
        count += 1
    if not count:
        raise ValueError("the mean of no losses is not defined")
    return total / count
