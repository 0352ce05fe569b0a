"""
task: average_gradients_
says: a .grad that was None gets zeros: it stays None
"""


def average_gradients_(params):
    for p in params:
        if p.grad is None:
            p.grad = torch.zeros_like(p)
        dist.all_reduce(p.grad)
        p.grad /= dist.get_world_size()
