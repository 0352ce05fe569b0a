"""
task: mean_loss
says: recording was off around the loop, and so in the generator too
"""


def mean_loss(losses):
    total, n = 0.0, 0
    with torch.no_grad():
        for l in losses:
            total += l.item()
            n += 1
    if not n:
        raise ValueError("no losses")
    return total / n
