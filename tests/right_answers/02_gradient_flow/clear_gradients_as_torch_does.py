"""
task: clear_gradients_
way: requires_grad_ for a gradient without a graph, a new loop for a tensor
"""


def clear_gradients_(params, *, set_to_none=True):
    if isinstance(params, torch.Tensor):
        return clear_gradients_((params,), set_to_none=set_to_none)
    for p in params:
        if p.grad is None:
            continue
        if set_to_none:
            p.grad = None
            continue
        if p.grad.grad_fn is not None:
            p.grad.detach_()
        else:
            p.grad.requires_grad_(False)
        p.grad.zero_()
