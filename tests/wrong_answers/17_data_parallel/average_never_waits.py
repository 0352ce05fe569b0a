"""
task: average_gradients_
says: nobody has waited for them
"""


def average_gradients_(params):
    for p in params:
        if p.grad is not None:
            p.grad /= dist.get_world_size()
            dist.all_reduce(p.grad, async_op=True)
