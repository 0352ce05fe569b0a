"""
task: clear_gradients_
says: parameters that do not require grad are skipped
"""


def clear_gradients_(params, *, set_to_none=True):
    for p in [params] if isinstance(params, torch.Tensor) else params:
        if not p.requires_grad:
            continue
        if set_to_none:
            p.grad = None
        elif p.grad is not None:
            p.grad.detach_().zero_()
