"""
task: accumulate_
way: autograd.grad, added up by hand
"""


def accumulate_(params, loss_fns):
    params = list(params)
    totals = [None] * len(params)
    for loss_fn in loss_fns:
        gradients = torch.autograd.grad(loss_fn(), params, allow_unused=True)
        totals = [a if b is None else b if a is None else a + b for a, b in zip(totals, gradients)]
    for p, total in zip(params, totals):
        p.grad = None if total is None else total.clone(memory_format=torch.contiguous_format)
