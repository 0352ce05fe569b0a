"""
task: clip_grad_value_
says: the loop for the upper bound uses the generator up
"""


def clip_grad_value_(params, clip_value):
    for p in params:
        if p.grad is not None:
            p.grad.clamp_(max=clip_value)
    for p in params:
        if p.grad is not None:
            p.grad.clamp_(min=-clip_value)
