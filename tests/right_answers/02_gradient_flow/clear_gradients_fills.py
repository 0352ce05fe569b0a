"""
task: clear_gradients_
way: a list first, then fill_ without recording
"""


@torch.no_grad()
def clear_gradients_(params, *, set_to_none=True):
    params = [params] if torch.is_tensor(params) else list(params)
    for p in params:
        if set_to_none:
            del p.grad
        elif p.grad is not None:
            if p.grad.requires_grad:
                p.grad.detach_()
            p.grad.fill_(0.0)
