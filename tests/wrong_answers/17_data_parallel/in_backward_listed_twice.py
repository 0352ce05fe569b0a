"""
task: average_in_backward_
says: 5 collectives begin in one backward; 4 parameters are trainable
"""


def average_in_backward_(params):
    works = []

    def hook(p):
        works.append((p, dist.all_reduce(p.grad, async_op=True)))

    def finish():
        for p, work in works:
            work.wait()
            p.grad /= dist.get_world_size()
        works.clear()

    for p in params:
        if p.requires_grad:
            p.register_post_accumulate_grad_hook(hook)
    return finish
