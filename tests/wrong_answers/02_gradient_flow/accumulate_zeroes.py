"""
task: accumulate_
says: stale gradients are zeroed, not dropped
"""


def accumulate_(params, loss_fns):
    for p in params:
        if p.grad is not None:
            p.grad.zero_()
    for loss_fn in loss_fns:
        loss_fn().backward()
