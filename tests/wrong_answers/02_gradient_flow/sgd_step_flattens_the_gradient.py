"""
task: sgd_step_
says: view size is not compatible
"""


def sgd_step_(params, lr):
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                p.sub_(lr * p.grad.view(-1).view(p.shape))
