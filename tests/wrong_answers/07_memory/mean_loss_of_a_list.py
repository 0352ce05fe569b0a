"""
task: mean_loss
says: the graphs of 5 earlier steps were alive
"""


def mean_loss(losses):
    losses = list(losses)
    if not losses:
        raise ValueError("no losses")
    return sum(loss.item() for loss in losses) / len(losses)
