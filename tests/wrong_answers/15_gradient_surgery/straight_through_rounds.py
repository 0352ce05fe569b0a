"""
task: straight_through
says: the value is rounded: soft is added
"""


def straight_through(hard, soft):
    return soft + (hard.to(soft.dtype) - soft).detach()
