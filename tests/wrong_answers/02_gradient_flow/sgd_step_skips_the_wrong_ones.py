"""
task: sgd_step_
says: no parameter is changed in place
"""


def sgd_step_(params, lr):
    with torch.no_grad():
        for p in params:
            if p.grad is None:
                p.sub_(lr * p.grad)
