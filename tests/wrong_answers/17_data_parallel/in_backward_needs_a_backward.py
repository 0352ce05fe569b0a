"""
task: average_in_backward_
says: NoneType
"""


def average_in_backward_(params):
    params = [p for p in dict.fromkeys(params) if p.requires_grad]
    works = {}

    def hook(p):
        works[p] = dist.all_reduce(p.grad, async_op=True)

    def finish():
        for p in params:
            work = works.pop(p, None)
            work.wait()
            p.grad /= dist.get_world_size()

    for p in params:
        p.register_post_accumulate_grad_hook(hook)
    return finish
