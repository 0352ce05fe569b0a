"""
task: clip_grad_value_
way: torch's _foreach functions
"""


def clip_grad_value_(params, clip_value):
    grads = [p.grad for p in params if p.grad is not None]
    torch._foreach_clamp_min_(grads, -clip_value)
    torch._foreach_clamp_max_(grads, clip_value)
