"""
task: clip_grad_value_
way: writes through masks
"""


@torch.no_grad()
def clip_grad_value_(params, clip_value):
    for grad in (p.grad for p in params):
        if grad is not None:
            grad[grad > clip_value] = clip_value
            grad[grad < -clip_value] = -clip_value
