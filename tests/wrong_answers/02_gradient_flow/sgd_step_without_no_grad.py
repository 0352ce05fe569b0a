"""
task: sgd_step_
says: a leaf Variable that requires grad is being used in an in-place operation
"""


def sgd_step_(params, lr):
    for p in params:
        if p.grad is not None:
            p -= lr * p.grad
