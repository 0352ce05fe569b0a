"""
task: mean_loss
says: StepError is due when the generator of losses raises it; ValueError
"""


def mean_loss(losses):
    total, n = 0.0, 0
    try:
        for l in losses:
            total += l.item()
            n += 1
        return total / n
    except ZeroDivisionError:
        raise ValueError("no losses")
