"""
task: average_in_backward_
says: 0 collectives have begun
"""


def average_in_backward_(params):
    works, handles = [], []

    def hook(p):
        works.append((p, dist.all_reduce(p.grad, async_op=True)))

    def finish():
        for p, work in works:
            work.wait()
            p.grad /= dist.get_world_size()
        if works:
            for handle in handles:
                handle.remove()
        works.clear()

    for p in dict.fromkeys(params):
        if p.requires_grad:
            handles.append(p.register_post_accumulate_grad_hook(hook))
    return finish
