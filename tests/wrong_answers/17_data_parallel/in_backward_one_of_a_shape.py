"""
task: average_in_backward_
says: it returns when 1 of its 5 collectives may still be under way
"""


def average_in_backward_(params):
    pending = {}

    def begin(p):
        pending[p.shape] = (dist.all_reduce(p.grad, async_op=True), p.grad)

    for p in {id(p): p for p in params}.values():
        if p.requires_grad:
            p.register_post_accumulate_grad_hook(begin)

    def finish():
        for work, grad in pending.values():
            work.wait()
            grad.detach().div_(dist.get_world_size())
        pending.clear()

    return finish
