"""
task: average_gradients_
says: yours
"""


def average_gradients_(params):
    for p in params:
        if p.grad is not None:
            g = p.grad.float()
            dist.all_reduce(g)
            p.grad.copy_(g / dist.get_world_size())
