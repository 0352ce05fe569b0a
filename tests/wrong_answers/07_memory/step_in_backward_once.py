"""
task: step_in_backward_
says: only the first backward takes a step
"""


def step_in_backward_(params, lr):
    handles = {}

    def step(p):
        with torch.no_grad():
            p.sub_(lr * p.grad)
        p.grad = None
        handles[p].remove()

    for p in params:
        if p.requires_grad and p not in handles:
            handles[p] = p.register_post_accumulate_grad_hook(step)

    def remove():
        for h in handles.values():
            h.remove()

    return remove
