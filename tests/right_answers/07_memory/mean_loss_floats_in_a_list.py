"""
task: mean_loss
way: a list of floats keeps no graph
"""


def mean_loss(losses):
    values = [float(loss) for loss in losses]
    if values == []:
        raise ValueError
    return sum(values) / len(values)
