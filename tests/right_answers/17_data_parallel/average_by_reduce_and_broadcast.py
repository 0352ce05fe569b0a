"""
task: average_gradients_
way: reduce to rank 0, and broadcast
"""


def average_gradients_(params):
    for g in [p.grad for p in params if p.grad is not None]:
        dist.reduce(g, 0)
        if dist.get_rank() == 0:
            g.div_(dist.get_world_size())
        dist.broadcast(g, 0)
