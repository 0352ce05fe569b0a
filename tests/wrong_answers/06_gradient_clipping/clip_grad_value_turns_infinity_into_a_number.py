"""
task: clip_grad_value_
says: [inf, -inf, 0.25]
"""


def clip_grad_value_(params, clip_value):
    for p in params:
        if p.grad is not None:
            p.grad.nan_to_num_(0.0, 0.0, 0.0).clamp_(-clip_value, clip_value)
