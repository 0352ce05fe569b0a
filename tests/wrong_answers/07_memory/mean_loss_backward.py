"""
task: mean_loss
says: .grad of an input was None before the call
"""


def mean_loss(losses):
    values = []
    for loss in losses:
        if loss.requires_grad:
            loss.backward()
        values.append(loss.item())
    if not values:
        raise ValueError("no losses")
    return sum(values) / len(values)
