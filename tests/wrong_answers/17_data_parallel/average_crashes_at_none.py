"""
task: average_gradients_
says: None
"""


def average_gradients_(params):
    for p in params:
        dist.all_reduce(p.grad)
        p.grad /= dist.get_world_size()
