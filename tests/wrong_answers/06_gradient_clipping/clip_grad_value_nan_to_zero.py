"""
task: clip_grad_value_
says: NaN has become 0
"""


def clip_grad_value_(params, clip_value):
    for p in params:
        if p.grad is not None:
            grad = p.grad.detach()
            grad.nan_to_num_(nan=0.0, posinf=clip_value, neginf=-clip_value)
            grad.clamp_(-clip_value, clip_value)
