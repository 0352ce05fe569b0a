"""
task: average_gradients_
says: params may be a generator
"""


def average_gradients_(params):
    for p in params:
        if p.grad is not None:
            dist.all_reduce(p.grad)
    for p in params:
        if p.grad is not None:
            p.grad /= dist.get_world_size()
