"""
task: mean_loss
says: a first loop uses up the generator
"""


def mean_loss(losses):
    count = sum(1 for _ in losses)
    if not count:
        raise ValueError("no losses")
    return sum(loss.item() for loss in losses) / count
