"""
task: accumulate_
says: params or loss_fns is used up by a first loop
"""


def accumulate_(params, loss_fns):
    for p in params:
        p.grad = None
    total = sum(loss_fn() for loss_fn in loss_fns)
    params = list(params)
    for p, gradient in zip(
        params, torch.autograd.grad(total, params, allow_unused=True) if params else ()
    ):
        p.grad = gradient
