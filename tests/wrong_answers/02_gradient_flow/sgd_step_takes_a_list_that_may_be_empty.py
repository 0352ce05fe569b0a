"""
task: sgd_step_
says: given a single parameter, which has no gradient
"""


def sgd_step_(params, lr):
    moved = [p for p in params if p.grad is not None]
    with torch.no_grad():
        torch._foreach_add_(moved, [p.grad for p in moved], alpha=-lr)
