"""
task: clip_grad_value_
says: the parameters, of which only .grad is to change
"""


def clip_grad_value_(params, clip_value):
    for p in params:
        if p.grad is not None:
            p.grad.clamp_(-clip_value, clip_value)
            p.data.clamp_(-clip_value, clip_value)
