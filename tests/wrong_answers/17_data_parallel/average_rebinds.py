"""
task: average_gradients_
says: is another object
"""


def average_gradients_(params):
    for p in params:
        if p.grad is not None:
            dist.all_reduce(p.grad)
            p.grad = p.grad / dist.get_world_size()
