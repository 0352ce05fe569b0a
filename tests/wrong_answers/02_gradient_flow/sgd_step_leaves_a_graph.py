"""
task: sgd_step_
says: has a graph
says: is no leaf
"""


def sgd_step_(params, lr):
    for p in params:
        if p.grad is not None:
            p.requires_grad_(False)
            p -= lr * p.grad
            if p.is_leaf:
                p.requires_grad_(True)
