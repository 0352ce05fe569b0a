"""
task: average_gradients_
says: nothing is exchanged, and each rank divides its own
"""


def average_gradients_(params):
    for p in params:
        if p.grad is not None:
            p.grad /= dist.get_world_size()
