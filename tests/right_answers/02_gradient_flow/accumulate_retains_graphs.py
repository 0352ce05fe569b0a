"""
task: accumulate_
way: backward of a list of losses, restricted to the parameters
"""


def accumulate_(params, loss_fns):
    params = list(params)
    for p in params:
        p.grad = None
    torch.autograd.backward([loss_fn() for loss_fn in loss_fns], inputs=params)
