"""
task: step_in_backward_
says: the number of hooks of input 1 was 0 before the call and is 1 after it
"""


def step_in_backward_(params, lr):
    def step(p):
        if p.grad is None:
            return
        with torch.no_grad():
            p.sub_(lr * p.grad)
        p.grad = None

    params = list(params)
    handles = [p.register_post_accumulate_grad_hook(step) for p in params if p.requires_grad]

    def remove():
        for h in dict(zip(params, handles)).values():
            h.remove()

    return remove
