"""
task: average_in_backward_
says: the number of gradients that are complete by then is 1
"""


def average_in_backward_(params):
    pending = []

    ready = []

    def begin(p):
        ready.append(p)
        if len(ready) % 3 == 0:
            for q in ready:
                pending.append((dist.all_reduce(q.grad, async_op=True), q.grad))
            ready.clear()

    for p in {id(p): p for p in params}.values():
        if p.requires_grad:
            p.register_post_accumulate_grad_hook(begin)

    def finish():
        for q in ready:
            pending.append((dist.all_reduce(q.grad, async_op=True), q.grad))
        ready.clear()
        for work, grad in pending:
            work.wait()
            grad.detach().div_(dist.get_world_size())
        pending.clear()

    return finish
