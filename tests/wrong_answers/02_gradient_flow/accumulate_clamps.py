"""
task: accumulate_
says: after two losses
"""


def accumulate_(params, loss_fns):
    params = list(params)
    for p in params:
        p.grad = None
    for loss_fn in loss_fns:
        loss_fn().backward()
    for p in params:
        if p.grad is not None:
            p.grad.clamp_(-1000.0, 1000.0)
