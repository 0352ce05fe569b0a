"""
task: clear_gradients_
says: new memory is put under .grad, and zeroed
"""


def clear_gradients_(params, *, set_to_none=True):
    for p in [params] if isinstance(params, Tensor) else params:
        if p.grad is None:
            continue
        if set_to_none:
            p.grad = None
        else:
            p.grad.data = torch.zeros_like(p.grad)
            if p.grad.requires_grad:
                p.grad.detach_()
