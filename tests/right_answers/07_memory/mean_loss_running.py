"""
task: mean_loss
way: a running mean, and next
"""


def mean_loss(losses):
    losses = iter(losses)
    try:
        mean = next(losses).item()
    except StopIteration:
        raise ValueError("no losses") from None
    for n, loss in enumerate(losses, 2):
        mean += (loss.item() - mean) / n
        del loss
    return mean
