"""
task: average_gradients_
says: the sum is on rank 0 alone, and each divides what it has
"""


def average_gradients_(params):
    for p in params:
        if p.grad is not None:
            dist.reduce(p.grad, 0)
            p.grad /= dist.get_world_size()
