"""
task: average_gradients_
way: all begin, then all are waited for
"""


def average_gradients_(params):
    grads = [p.grad for p in params if p.grad is not None]
    for g in grads:
        g /= dist.get_world_size()
    for work in [dist.all_reduce(g, async_op=True) for g in grads]:
        work.wait()
