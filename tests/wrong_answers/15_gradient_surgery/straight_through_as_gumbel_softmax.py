"""
task: straight_through
says: the value is rounded: soft is added
"""


def straight_through(hard, soft):
    return hard.detach().to(soft.dtype) - soft.detach() + soft
