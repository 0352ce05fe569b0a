"""
task: step_in_backward_
way: an optimizer for each parameter
"""


def step_in_backward_(params, lr):
    optimizers = {p: torch.optim.SGD([p], lr=lr) for p in params if p.requires_grad}

    def step(p):
        optimizers[p].step()
        optimizers[p].zero_grad()

    handles = [p.register_post_accumulate_grad_hook(step) for p in optimizers]
    return lambda: [h.remove() for h in handles] and None
