"""
task: average_in_backward_
says: a register_hook runs before that is written
"""


def average_in_backward_(params):
    pending = []

    def begin(g):
        g = g.clone()
        pending.append((dist.all_reduce(g, async_op=True), g))
        return g

    for p in {id(p): p for p in params}.values():
        if p.requires_grad:
            p.register_hook(begin)

    def finish():
        for work, grad in pending:
            work.wait()
            grad.detach().div_(dist.get_world_size())
        pending.clear()

    return finish
