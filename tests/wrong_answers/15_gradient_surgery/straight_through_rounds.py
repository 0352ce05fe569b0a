"""
task: straight_through
says: soft + (hard − soft) is not exactly hard
"""


def straight_through(hard, soft):
    return soft + (hard.to(soft.dtype) - soft).detach()
