"""
task: average_in_backward_
says: the sum is left as it is
"""


def average_in_backward_(params):
    works = []

    def hook(p):
        works.append(dist.all_reduce(p.grad, async_op=True))
        p.grad /= dist.get_world_size()

    def finish():
        for work in works:
            work.wait()
        works.clear()

    for p in dict.fromkeys(params):
        if p.requires_grad:
            p.register_post_accumulate_grad_hook(hook)
    return finish
