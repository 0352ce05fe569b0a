"""
task: checkpoint
says: fn was called 1 times in all
"""


def checkpoint(fn, *args):
    return fn(*args)
