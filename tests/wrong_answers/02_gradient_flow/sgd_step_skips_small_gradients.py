"""
task: sgd_step_
says: a small gradient is taken for none
"""


def sgd_step_(params, lr):
    with torch.no_grad():
        for p in params:
            if p.grad is not None and p.grad.norm() > 1e-8:
                p.sub_(lr * p.grad)
