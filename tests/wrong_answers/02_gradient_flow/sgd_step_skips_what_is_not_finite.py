"""
Skips a parameter whose gradient holds an infinity.

task: sgd_step_
says: a gradient that is infinite somewhere is taken for none
"""


def sgd_step_(params, lr):
    with torch.no_grad():
        for p in params:
            if p.grad is not None and p.grad.isfinite().all():
                p.sub_(lr * p.grad)
