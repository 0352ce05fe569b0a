"""
task: sgd_step_
says: lr is multiplied into .grad and divided out of it again, which rounds
"""


def sgd_step_(params, lr):
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                p.sub_(p.grad.mul_(lr))
                p.grad.div_(lr)
