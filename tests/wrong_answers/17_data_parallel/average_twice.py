"""
task: average_gradients_
says: it is divided twice
"""


def average_gradients_(params):
    for p in params:
        if p.grad is not None:
            dist.all_reduce(p.grad, op=dist.ReduceOp.AVG)
            p.grad /= dist.get_world_size()
