"""
task: clear_gradients_
says: a gradient of zeros is made where there was none
"""


def clear_gradients_(params, *, set_to_none=True):
    params = [params] if isinstance(params, torch.Tensor) else params
    for p in params:
        p.grad = None if set_to_none else torch.zeros_like(p)
