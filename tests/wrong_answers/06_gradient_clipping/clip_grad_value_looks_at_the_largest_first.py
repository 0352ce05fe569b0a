"""
task: clip_grad_value_
says: the gradient [nan, 10, 0.25], clipped to the value 0.5
says: the largest element decides whether to clip: here that is NaN
"""


def clip_grad_value_(params, clip_value):
    for p in params:
        if p.grad is not None and p.grad.numel() and p.grad.abs().max() > clip_value:
            p.grad.clamp_(-clip_value, clip_value)
