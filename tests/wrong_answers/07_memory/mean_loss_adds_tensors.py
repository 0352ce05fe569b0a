"""
task: mean_loss
says: the graphs of 5 earlier steps were alive
"""


def mean_loss(losses):
    total, count = 0.0, 0
    for loss in losses:
        total += loss
        count += 1
    if not count:
        raise ValueError("no losses")
    return (total / count).item()
