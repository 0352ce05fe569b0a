"""
task: clear_gradients_
says: where .grad is a view, of which detach_ is not needed
"""


def clear_gradients_(params, *, set_to_none=True):
    for p in [params] if isinstance(params, Tensor) else params:
        if p.grad is None:
            continue
        if set_to_none:
            p.grad = None
        else:
            p.grad.detach_().zero_()
