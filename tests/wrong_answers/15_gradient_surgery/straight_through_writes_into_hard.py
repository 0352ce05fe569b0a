"""
task: straight_through
says: modified by an inplace operation
"""


def straight_through(hard, soft):
    return hard.detach().to(soft.dtype).add_(soft - soft.detach())
