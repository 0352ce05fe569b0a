"""
Puts what autograd.grad returns under .grad as it is: one number, expanded.

task: accumulate_
says: after one loss Σ(a + b), where a.grad is edited in place, it raises
"""


def accumulate_(params, loss_fns):
    params = list(params)
    for p in params:
        p.grad = None
    for loss_fn in loss_fns:
        gradients = torch.autograd.grad(loss_fn(), params, allow_unused=True)
        for p, gradient in zip(params, gradients):
            if gradient is not None:
                p.grad = gradient if p.grad is None else p.grad + gradient
