"""
task: sgd_step_
way: one call for all parameters
"""


def sgd_step_(params, lr):
    params = [p for p in params if p.grad is not None]
    with torch.no_grad():
        if params:  # of an empty list it makes an error
            torch._foreach_add_(params, [p.grad for p in params], alpha=-lr)
