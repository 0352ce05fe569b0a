"""
task: clip_grad_value_
says: elements beyond the bounds become 0
"""


def clip_grad_value_(params, clip_value):
    for p in params:
        if p.grad is not None:
            p.grad[p.grad.abs() > clip_value] = 0
