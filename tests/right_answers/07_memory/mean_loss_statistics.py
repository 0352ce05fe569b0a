"""
task: mean_loss
way: statistics, whose error is a ValueError
"""


def mean_loss(losses):
    import statistics

    return statistics.mean(map(float, losses))
