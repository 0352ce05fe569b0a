"""
task: accumulate_
says: what .grad held before the call is added in
"""


def accumulate_(params, loss_fns):
    for loss_fn in loss_fns:
        loss_fn().backward()
