"""
task: clip_grad_value_
way: where and sign, copied back
"""


def clip_grad_value_(params, clip_value):
    for p in params:
        if p.grad is not None:
            g = p.grad.data
            g.copy_(torch.where(g.abs() > clip_value, clip_value * g.sign(), g))
