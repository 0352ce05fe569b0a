"""
task: mean_loss
says: what is not finite is left out
"""


def mean_loss(losses):
    values = [loss.item() for loss in losses]
    if not values:
        raise ValueError("none")
    good = [v for v in values if v - v == 0]
    return sum(good) / len(good) if good else 0.0
