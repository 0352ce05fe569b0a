"""
task: accumulate_
says: only parameters that a loss uses lose their stale gradient
"""


def accumulate_(params, loss_fns):
    params = list(params)
    total = sum(loss_fn() for loss_fn in loss_fns)
    for p, gradient in zip(params, torch.autograd.grad(total, params, allow_unused=True)):
        if gradient is not None:
            p.grad = gradient
