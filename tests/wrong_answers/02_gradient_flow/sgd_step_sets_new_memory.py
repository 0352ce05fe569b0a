"""
Gives each parameter the memory of a new tensor.

task: sgd_step_
says: p has new memory: subtract in place
"""


def sgd_step_(params, lr):
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                p.set_(p - lr * p.grad)
