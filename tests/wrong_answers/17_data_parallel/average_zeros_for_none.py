"""
task: average_gradients_
says: yours
"""


def average_gradients_(params):
    for p in params:
        if p.grad is None:
            p.grad = torch.zeros_like(p)
        dist.all_reduce(p.grad)
        p.grad /= dist.get_world_size()
