"""
task: clear_gradients_
says: an earlier look takes the first parameter off the generator
"""


def clear_gradients_(params, *, set_to_none=True):
    if isinstance(params, torch.Tensor):
        params = [params]
    if all(p.grad is None for p in params):
        return
    for p in params:
        if set_to_none:
            p.grad = None
        elif p.grad is not None:
            p.grad.detach_().zero_()
