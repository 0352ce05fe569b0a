"""
task: checkpoint_but_products
says: computes mm and bmm and addmm again
"""


def checkpoint_but_products(fn, *args):
    return checkpoint(fn, *args, use_reentrant=False)
