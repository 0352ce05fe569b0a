"""
task: straight_through
says: hard gets the gradient too
"""


def straight_through(hard, soft):
    return hard.to(soft.dtype) + (soft - soft.detach())
