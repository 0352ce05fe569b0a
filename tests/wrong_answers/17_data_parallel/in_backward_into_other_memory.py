"""
task: average_in_backward_
says: lies in other memory
"""


def average_in_backward_(params):
    works = []

    def start(p):
        works.append((p.grad, dist.all_reduce(p.grad, async_op=True)))

    def finish():
        for grad, work in works:
            work.wait()
            grad.data = grad / dist.get_world_size()
        works.clear()

    for p in dict.fromkeys(params):
        if p.requires_grad:
            p.register_post_accumulate_grad_hook(start)
    return finish
