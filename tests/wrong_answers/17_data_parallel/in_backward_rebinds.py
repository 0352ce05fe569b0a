"""
task: average_in_backward_
says: is another object
"""


def average_in_backward_(params):
    works = []

    def hook(p):
        works.append((p, dist.all_reduce(p.grad, async_op=True)))

    def finish():
        for p, work in works:
            work.wait()
            p.grad = p.grad / dist.get_world_size()
        works.clear()

    for p in dict.fromkeys(params):
        if p.requires_grad:
            p.register_post_accumulate_grad_hook(hook)
    return finish
