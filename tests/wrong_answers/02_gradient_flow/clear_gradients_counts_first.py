"""
task: clear_gradients_
says: the generator is used up before the loop that clears
"""


def clear_gradients_(params, *, set_to_none=True):
    if isinstance(params, torch.Tensor):
        params = [params]
    assert len([p for p in params]) > 0 or True
    for p in params:
        if set_to_none:
            p.grad = None
        elif p.grad is not None:
            p.grad.detach_().zero_()
