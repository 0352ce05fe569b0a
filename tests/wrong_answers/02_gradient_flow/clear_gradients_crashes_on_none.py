"""
task: clear_gradients_
says: 'NoneType' object has no attribute
says: p.grad
"""


def clear_gradients_(params, *, set_to_none=True):
    params = [params] if isinstance(params, torch.Tensor) else params
    for p in params:
        if set_to_none:
            p.grad = None
        else:
            p.grad.detach_()
            p.grad.zero_()
