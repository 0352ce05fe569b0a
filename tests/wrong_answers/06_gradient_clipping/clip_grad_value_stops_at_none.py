"""
task: clip_grad_value_
says: the loop ends at a .grad of None
"""


def clip_grad_value_(params, clip_value):
    for p in params:
        if p.grad is None:
            return
        p.grad.clamp_(-clip_value, clip_value)
