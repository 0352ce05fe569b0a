"""
task: clear_gradients_
says: set the one that is there to zero in place
"""


def clear_gradients_(params, *, set_to_none=True):
    params = [params] if isinstance(params, torch.Tensor) else params
    for p in params:
        if set_to_none or p.grad is None:
            p.grad = None
        else:
            p.grad = torch.zeros_like(p)
