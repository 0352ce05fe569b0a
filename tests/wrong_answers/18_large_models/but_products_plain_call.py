"""
task: checkpoint_but_products
says: 0 times again
"""


def checkpoint_but_products(fn, *args):
    return fn(*args)
