"""
task: mean_loss
says: a loss has lost its graph
"""


def mean_loss(losses):
    values = []
    for loss in losses:
        values.append(loss.detach_().item())
    if not values:
        raise ValueError("no losses")
    return sum(values) / len(values)
