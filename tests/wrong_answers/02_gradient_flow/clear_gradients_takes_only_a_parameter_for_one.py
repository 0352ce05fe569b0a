"""
task: clear_gradients_
says: the loop runs over the rows of the tensor
"""


def clear_gradients_(params, *, set_to_none=True):
    if isinstance(params, nn.Parameter):
        params = [params]
    for p in params:
        if p.grad is None:
            continue
        if set_to_none:
            p.grad = None
        else:
            if p.grad.grad_fn is not None:
                p.grad.detach_()
            else:
                p.grad.requires_grad_(False)
            p.grad.zero_()
