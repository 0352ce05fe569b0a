"""
task: mean_loss
says: ValueError is due when there are no losses
says: ZeroDivisionError was raised
"""


def mean_loss(losses):
    total, count = 0.0, 0
    for loss in losses:
        total += loss.item()
        count += 1
    return total / count
