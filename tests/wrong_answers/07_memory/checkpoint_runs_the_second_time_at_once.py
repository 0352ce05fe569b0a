"""
task: checkpoint
says: fn was called 2 times before backward
"""


def checkpoint(fn, *args):
    with torch.no_grad():
        fn(*args)
    return fn(*args)
