"""
task: clip_grad_value_
says: the gradient is scaled by its largest element
"""


def clip_grad_value_(params, clip_value):
    for p in params:
        if p.grad is not None:
            p.grad.mul_((clip_value / p.grad.abs().max()).clamp(max=1))
