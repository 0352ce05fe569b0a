"""
task: sgd_step_
says: does not require grad any more after the step
"""


def sgd_step_(params, lr):
    for p in params:
        if p.grad is not None:
            p.requires_grad_(False)
            p -= lr * p.grad.detach()
