"""
task: sgd_step_
says: NoneType
"""


def sgd_step_(params, lr):
    with torch.no_grad():
        for p in params:
            p -= lr * p.grad
