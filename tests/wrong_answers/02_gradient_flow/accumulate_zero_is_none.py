"""
Zeroes first and then calls every all-zero gradient unused: a parameter that a loss uses with gradient 0 ends with None.

task: accumulate_
says: yours is None, a tensor is due
"""


def accumulate_(params: Iterable[Tensor], loss_fns: Iterable[Callable[[], Tensor]]) -> None:
    params = list(params)
    for p in params:
        if p.grad is not None:
            p.grad = torch.zeros_like(p)
    for loss_fn in loss_fns:
        loss_fn().backward()
    for p in params:
        if p.grad is not None and not p.grad.any():
            p.grad = None
