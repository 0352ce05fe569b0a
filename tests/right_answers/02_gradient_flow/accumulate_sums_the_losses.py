"""
task: accumulate_
way: one backward through the sum of the losses
"""


def accumulate_(params, loss_fns):
    for p in params:
        p.grad = None
    sum(loss_fn() for loss_fn in loss_fns).backward()
