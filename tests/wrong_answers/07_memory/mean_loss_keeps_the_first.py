"""
task: mean_loss
says: in a sum, a list or a variable
"""


def mean_loss(losses):
    losses = iter(losses)
    first = next(losses, None)
    if first is None:
        raise ValueError("no losses")
    total, count = first.item(), 1
    for loss in losses:
        total += loss.item()
        count += 1
    return total / count
