"""
task: sgd_step_
says: NoneType
says: a .grad is None here
"""


def sgd_step_(params, lr):
    with torch.no_grad():
        for p in params:
            p -= lr * p.grad
