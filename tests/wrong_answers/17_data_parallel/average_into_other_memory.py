"""
task: average_gradients_
says: lies in other memory
"""


def average_gradients_(params):
    for p in params:
        if p.grad is not None:
            mean = p.grad.clone()
            dist.all_reduce(mean)
            p.grad.data = mean / dist.get_world_size()
