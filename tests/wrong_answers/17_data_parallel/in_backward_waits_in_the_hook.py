"""
task: average_in_backward_
says: backward waits for a collective
"""


def average_in_backward_(params):
    def hook(p):
        dist.all_reduce(p.grad)
        p.grad /= dist.get_world_size()

    for p in dict.fromkeys(params):
        if p.requires_grad:
            p.register_post_accumulate_grad_hook(hook)
    return lambda: None
