"""
task: average_gradients_
says: the mean is on rank 0 alone
"""


def average_gradients_(params):
    for p in params:
        if p.grad is not None:
            dist.reduce(p.grad, 0)
            if dist.get_rank() == 0:
                p.grad /= dist.get_world_size()
