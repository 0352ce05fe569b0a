"""
task: clip_grad_value_
way: sign times the clamped size
"""


def clip_grad_value_(params, clip_value):
    for p in params:
        if p.grad is not None:
            g = p.grad.detach()
            g.copy_(g.sign() * g.abs().clamp(max=clip_value))
