"""
task: clip_grad_value_
says: the .grad of a frozen parameter is left out
"""


def clip_grad_value_(params, clip_value):
    for p in params:
        if p.requires_grad and p.grad is not None:
            p.grad.detach().clamp_(-clip_value, clip_value)
