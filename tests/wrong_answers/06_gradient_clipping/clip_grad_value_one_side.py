"""
task: clip_grad_value_
says: only the upper bound is kept
"""


def clip_grad_value_(params, clip_value):
    for p in params:
        if p.grad is not None:
            p.grad.clamp_(max=clip_value)
