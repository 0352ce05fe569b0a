"""
task: clip_grad_value_
says: the gradient is left as it was
"""


def clip_grad_value_(params, clip_value):
    for p in params:
        if p.grad is not None:
            p.grad.clamp(-clip_value, clip_value)
