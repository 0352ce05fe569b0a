"""
task: clip_grad_value_
way: an activation function, in place
"""


def clip_grad_value_(params, clip_value):
    for p in params:
        if p.grad is not None:
            nn.functional.hardtanh(p.grad, -clip_value, clip_value, inplace=True)
