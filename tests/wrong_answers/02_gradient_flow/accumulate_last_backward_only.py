"""
task: accumulate_
says: only the last loss counts
"""


def accumulate_(params, loss_fns):
    for p in params:
        p.grad = None
    for loss_fn in loss_fns:
        loss = loss_fn()
    loss.backward()
