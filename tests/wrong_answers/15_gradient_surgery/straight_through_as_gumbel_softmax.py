"""
task: straight_through
says: hard − soft + soft is not exactly hard
"""


def straight_through(hard, soft):
    return hard.detach().to(soft.dtype) - soft.detach() + soft
