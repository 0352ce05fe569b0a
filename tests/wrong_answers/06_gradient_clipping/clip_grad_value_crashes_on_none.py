"""
task: clip_grad_value_
says: 'NoneType' object has no attribute
"""


def clip_grad_value_(params, clip_value):
    for p in params:
        p.grad.clamp_(-clip_value, clip_value)
