"""
task: clear_gradients_
says: the loop ends at the first parameter without a gradient
"""


def clear_gradients_(params, *, set_to_none=True):
    for p in [params] if isinstance(params, torch.Tensor) else params:
        if p.grad is None:
            return
        if set_to_none:
            p.grad = None
        else:
            p.grad.detach_().zero_()
