"""
task: clear_gradients_
says: it is zeroed before .grad is set to None
"""


def clear_gradients_(params, *, set_to_none=True):
    for p in [params] if isinstance(params, torch.Tensor) else params:
        if p.grad is not None:
            p.grad.detach_().zero_()
            if set_to_none:
                p.grad = None
