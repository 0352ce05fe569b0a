"""
task: accumulate_
says: Yours is torch's times 0.333333
"""


def accumulate_(params, loss_fns):
    for p in params:
        p.grad = None
    loss_fns = list(loss_fns)
    for loss_fn in loss_fns:
        (loss_fn() / len(loss_fns)).backward()
