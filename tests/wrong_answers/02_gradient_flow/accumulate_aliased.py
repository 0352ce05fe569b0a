"""
Two parameters share one gradient tensor that autograd.grad returned for both, and += then counts every loss for both.

task: accumulate_
says: a and b share one tensor as .grad, and each adds to it
"""


def accumulate_(params: Iterable[Tensor], loss_fns: Iterable[Callable[[], Tensor]]) -> None:
    params = list(params)
    for p in params:
        p.grad = None
    for loss_fn in loss_fns:
        for p, g in zip(params, torch.autograd.grad(loss_fn(), params, allow_unused=True)):
            if g is None:
                continue
            if p.grad is None:
                p.grad = g
            else:
                p.grad += g
