"""
task: mean_loss
says: the sum is not divided
"""


def mean_loss(losses):
    values = [loss.item() for loss in losses]
    if not values:
        raise ValueError("no losses")
    return sum(values)
