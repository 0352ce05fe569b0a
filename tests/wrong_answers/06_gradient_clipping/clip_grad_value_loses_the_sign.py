"""
task: clip_grad_value_
says: the sign is lost
"""


def clip_grad_value_(params, clip_value):
    for p in params:
        if p.grad is not None:
            p.grad.abs_().clamp_(max=clip_value)
