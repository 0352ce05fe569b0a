"""
task: average_in_backward_
says: returned
"""


def average_in_backward_(params):
    params = [p for p in dict.fromkeys(params) if p.requires_grad]
    for p in params:
        p.register_post_accumulate_grad_hook(lambda p: dist.all_reduce(p.grad, async_op=True))

    def finish():
        for p in params:
            if p.grad is not None:
                p.grad /= dist.get_world_size()

    return finish
