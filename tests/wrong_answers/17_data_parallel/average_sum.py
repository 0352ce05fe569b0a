"""
task: average_gradients_
says: the sum is left as it is
"""


def average_gradients_(params):
    for p in params:
        if p.grad is not None:
            dist.all_reduce(p.grad)
