"""
task: step_in_backward_
says: each of its two hooks takes a step
"""


def step_in_backward_(params, lr):
    def hook(grad, p):
        with torch.no_grad():
            p.sub_(lr * grad)

    def free(p):
        p.grad = None

    params = [p for p in params if p.requires_grad]
    handles = [p.register_hook(lambda grad, p=p: hook(grad, p)) for p in params]
    handles += [p.register_post_accumulate_grad_hook(free) for p in params]

    def remove():
        for h in handles:
            h.remove()

    return remove
