"""
task: average_in_backward_
says: no collective begins in this backward
"""


def average_in_backward_(params):
    pending = []
    handles = {}

    def begin(p):
        handles[id(p)].remove()
        pending.append((dist.all_reduce(p.grad, async_op=True), p.grad))

    for p in {id(p): p for p in params}.values():
        if p.requires_grad:
            handles[id(p)] = p.register_post_accumulate_grad_hook(begin)

    def finish():
        for work, grad in pending:
            work.wait()
            grad.detach().div_(dist.get_world_size())
        pending.clear()

    return finish
