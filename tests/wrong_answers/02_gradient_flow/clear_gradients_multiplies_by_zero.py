"""
task: clear_gradients_
says: the gradient is multiplied by 0
"""


def clear_gradients_(params, *, set_to_none=True):
    params = [params] if isinstance(params, torch.Tensor) else params
    for p in params:
        if set_to_none:
            p.grad = None
        elif p.grad is not None:
            p.grad.detach_().mul_(0)
