"""
task: clear_gradients_
says: gradients are zeroed although set_to_none is True
"""


def clear_gradients_(params, *, set_to_none=True):
    for p in [params] if isinstance(params, torch.Tensor) else params:
        if p.grad is not None:
            p.grad.detach_().zero_()
