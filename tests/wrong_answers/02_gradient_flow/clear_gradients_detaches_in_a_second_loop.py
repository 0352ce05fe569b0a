"""
task: clear_gradients_
says: still has its graph
"""


def clear_gradients_(params, *, set_to_none=True):
    params = [params] if isinstance(params, Tensor) else params
    for p in params:
        if p.grad is not None:
            if set_to_none:
                p.grad = None
            else:
                p.grad.zero_()
    for p in params:
        if p.grad is not None and p.grad.requires_grad:
            p.grad.detach_()
