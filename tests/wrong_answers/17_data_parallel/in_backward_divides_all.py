"""
task: average_in_backward_
says: after the function was called twice
"""


def average_in_backward_(params):
    params = [p for p in dict.fromkeys(params) if p.requires_grad]
    works = []

    def hook(p):
        works.append(dist.all_reduce(p.grad, async_op=True))

    def finish():
        while works:
            works.pop().wait()
        for p in params:
            if p.grad is not None:
                p.grad /= dist.get_world_size()

    for p in params:
        p.register_post_accumulate_grad_hook(hook)
    return finish
