"""
task: average_gradients_
says: of its 3 collectives may still be under way
"""


def average_gradients_(params):
    work = None
    for p in params:
        if p.grad is not None:
            p.grad /= dist.get_world_size()
            work = dist.all_reduce(p.grad, async_op=True)
    work.wait()
