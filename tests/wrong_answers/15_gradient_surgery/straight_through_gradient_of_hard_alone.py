"""
task: straight_through
says: forward:
"""


def straight_through(hard, soft):
    return soft.detach() + (hard - hard.detach())
