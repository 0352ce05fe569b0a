"""
task: checkpoint_but_products
says: cut from the graph
"""


def checkpoint_but_products(fn, *args):
    with torch.no_grad():
        return fn(*args)
