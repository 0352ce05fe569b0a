"""
task: average_gradients_
says: nothing is exchanged
"""


def average_gradients_(params):
    for p in params:
        dist.all_reduce(p.data)
        p.data /= dist.get_world_size()
