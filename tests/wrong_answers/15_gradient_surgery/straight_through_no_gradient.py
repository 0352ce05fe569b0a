"""
task: straight_through
says: cut from the graph
"""


def straight_through(hard, soft):
    return hard.detach().to(soft.dtype)
