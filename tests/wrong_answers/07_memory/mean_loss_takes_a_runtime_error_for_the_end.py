"""
task: mean_loss
says: StepError is due when the generator of losses raises it
"""


def mean_loss(losses):
    total, n, it = 0.0, 0, iter(losses)
    while True:
        try:
            total += next(it).item()
        except (StopIteration, RuntimeError):
            break
        n += 1
    if n == 0:
        raise ValueError("none")
    return total / n
