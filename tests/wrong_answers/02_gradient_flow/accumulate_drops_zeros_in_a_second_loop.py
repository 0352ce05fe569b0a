"""
task: accumulate_
says: from a generator
says: stale gradients are zeroed, not dropped
"""


def accumulate_(params, loss_fns):
    used = set()
    for p in params:
        p.grad = torch.zeros_like(p)
    before = None
    for fn in loss_fns:
        loss = fn()
        loss.backward()
        seen, todo = set(), [loss.grad_fn]
        while todo:
            n = todo.pop()
            if n in seen:
                continue
            seen.add(n)
            if hasattr(n, "variable"):
                used.add(id(n.variable))
            todo += [m for m, _ in n.next_functions if m is not None]
    for p in params:
        if id(p) not in used:
            p.grad = None
