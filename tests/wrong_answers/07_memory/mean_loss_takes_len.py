"""
task: mean_loss
says: object of type 'generator' has no len()
"""


def mean_loss(losses):
    if not losses:
        raise ValueError("no losses")
    return sum(loss.item() for loss in losses) / len(losses)
