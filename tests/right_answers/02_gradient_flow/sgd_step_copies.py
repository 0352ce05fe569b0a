"""
task: sgd_step_
way: copy_ of a new value
"""


@torch.no_grad()
def sgd_step_(params, lr):
    for p in params:
        if p.grad is None:
            continue
        p.copy_(p - lr * p.grad)
