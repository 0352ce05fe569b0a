"""
task: clear_gradients_
says: where .grad is a leaf that requires grad, and so has no grad_fn
"""


def clear_gradients_(params, *, set_to_none=True):
    for p in [params] if isinstance(params, Tensor) else params:
        if set_to_none:
            p.grad = None
        elif p.grad is not None:
            if p.grad.grad_fn is not None:
                p.grad.detach_()
            p.grad.zero_()
