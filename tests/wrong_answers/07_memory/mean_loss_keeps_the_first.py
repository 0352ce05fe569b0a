"""
task: mean_loss
says: the graphs of 2 earlier steps were alive
"""


def mean_loss(losses):
    losses = iter(losses)
    first = next(losses, None)
    if first is None:
        raise ValueError("no losses")
    values = [loss.item() for loss in losses]
    return (first.item() + sum(values)) / (1 + len(values))
