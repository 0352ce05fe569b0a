"""
task: clip_grad_value_
says: .grad is another tensor after the call than before
"""


def clip_grad_value_(params, clip_value):
    for p in params:
        if p.grad is not None:
            p.grad = p.grad.clamp(-clip_value, clip_value)
