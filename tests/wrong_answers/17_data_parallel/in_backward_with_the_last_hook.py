"""
task: average_in_backward_
says: when backward comes to the first layer, 0 collectives have begun
"""


def average_in_backward_(params):
    params = [p for p in dict.fromkeys(params) if p.requires_grad]
    ready, works = [], []

    def hook(p):
        ready.append(p)
        if len(ready) == len(params):
            works.extend((p, dist.all_reduce(p.grad, async_op=True)) for p in ready)
            ready.clear()

    def finish():
        for p, work in works:
            work.wait()
            p.grad /= dist.get_world_size()
        works.clear()

    for p in params:
        p.register_post_accumulate_grad_hook(hook)
    return finish
