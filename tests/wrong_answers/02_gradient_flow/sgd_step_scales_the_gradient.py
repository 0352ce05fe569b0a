"""
task: sgd_step_
says: lr is multiplied into .grad itself, in place
"""


def sgd_step_(params, lr):
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                p -= p.grad.mul_(lr)
