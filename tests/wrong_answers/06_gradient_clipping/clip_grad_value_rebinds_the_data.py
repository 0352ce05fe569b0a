"""
task: clip_grad_value_
says: the new values go to new memory: write them in place
"""


def clip_grad_value_(params, clip_value):
    for p in params:
        if p.grad is not None:
            p.grad.data = p.grad.data.clamp(-clip_value, clip_value)
