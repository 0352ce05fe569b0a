"""
task: sgd_step_
way: detach shares memory and the version
"""


def sgd_step_(params, lr):
    for p in params:
        if p.grad is not None:
            p.detach().sub_(p.grad.detach(), alpha=lr)
