"""
task: clip_grad_value_
says: with a gradient of shape (0, 3), which has no elements, it raises RuntimeError
"""


def clip_grad_value_(params, clip_value):
    for p in params:
        if p.grad is not None and not p.grad.abs().max() <= clip_value:
            p.grad.clamp_(-clip_value, clip_value)
