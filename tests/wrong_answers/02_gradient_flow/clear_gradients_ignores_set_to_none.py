"""
task: clear_gradients_
says: set_to_none is not looked at
"""


def clear_gradients_(params, *, set_to_none=True):
    for p in [params] if isinstance(params, torch.Tensor) else params:
        p.grad = None
