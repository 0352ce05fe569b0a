"""
task: accumulate_
says: given as generators
says: params or loss_fns is used up by a first loop
"""


def accumulate_(params, loss_fns):
    count = len([loss_fn for loss_fn in loss_fns])
    for p in params:
        p.grad = None
    for loss_fn in loss_fns:
        loss_fn().backward()
