"""
task: average_in_backward_
says: it leaves another grad mode than it has found
"""


def average_in_backward_(params):
    pending = []

    def begin(p):
        pending.append((dist.all_reduce(p.grad, async_op=True), p.grad))

    for p in {id(p): p for p in params}.values():
        if p.requires_grad:
            p.register_post_accumulate_grad_hook(begin)

    def finish():
        torch.set_grad_enabled(True)
        for work, grad in pending:
            work.wait()
            grad.detach().div_(dist.get_world_size())
        pending.clear()

    return finish
