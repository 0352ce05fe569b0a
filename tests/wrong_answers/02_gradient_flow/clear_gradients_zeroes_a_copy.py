"""
task: clear_gradients_
says: the memory in which the gradients lie, one of them transposed
"""


def clear_gradients_(params, *, set_to_none=True):
    for p in [params] if isinstance(params, Tensor) else params:
        if p.grad is None:
            continue
        if set_to_none:
            p.grad = None
        else:
            if p.grad.requires_grad:
                p.grad.detach_()
            p.grad.reshape(-1)[:] = 0
