"""
task: sgd_step_
says: the parameter itself does not move
"""


def sgd_step_(params, lr):
    for p in params:
        if p.grad is not None:
            p = p - lr * p.grad
