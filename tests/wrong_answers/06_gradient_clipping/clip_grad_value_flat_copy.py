"""
task: clip_grad_value_
says: is clipped in a copy, as reshape makes
"""


def clip_grad_value_(params, clip_value):
    for p in params:
        if p.grad is not None:
            flat = p.grad.detach().reshape(-1)
            flat.clamp_(-clip_value, clip_value)
