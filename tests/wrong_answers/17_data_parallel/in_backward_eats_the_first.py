"""
task: average_in_backward_
says: when backward comes to the last layer, 0 collectives have begun
"""


def average_in_backward_(params):
    pending = []
    params = params if isinstance(params, list) else iter(params)
    device = next(iter(params)).device

    def begin(p):
        pending.append((dist.all_reduce(p.grad, async_op=True), p.grad))

    for p in {id(p): p for p in params}.values():
        if p.requires_grad:
            p.register_post_accumulate_grad_hook(begin)

    def finish():
        for work, grad in pending:
            work.wait()
            grad.detach().div_(dist.get_world_size())
        pending.clear()

    return finish
