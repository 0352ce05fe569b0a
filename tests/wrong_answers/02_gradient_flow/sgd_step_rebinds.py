"""
task: sgd_step_
says: p = p - … only gives a new tensor the name p
"""


def sgd_step_(params, lr):
    for p in params:
        if p.grad is not None:
            p = p - lr * p.grad
