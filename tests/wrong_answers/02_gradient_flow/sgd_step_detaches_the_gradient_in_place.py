"""
task: sgd_step_
says: the gradient lost its graph in the step
"""


def sgd_step_(params, lr):
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                p.sub_(lr * p.grad.detach_())
