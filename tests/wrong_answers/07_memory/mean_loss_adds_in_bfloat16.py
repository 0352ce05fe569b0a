"""
task: mean_loss
says: they are added up in bfloat16, where 256 + 1 is 256
"""


def mean_loss(losses):
    total, count = 0.0, 0
    for loss in losses:
        total = total + loss.detach()
        count += 1
    if count == 0:
        raise ValueError("there are no losses")
    return float(total) / count
