"""
task: clip_grad_value_
says: clipped to the value 7e5
"""


def clip_grad_value_(params, clip_value):
    for p in params:
        if p.grad is not None:
            p.grad.detach().clamp_(-1000.0, 1000.0).clamp_(-clip_value, clip_value)
