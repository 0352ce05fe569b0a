"""
task: step_in_backward_
says: differ
"""


def step_in_backward_(params, lr):
    def step(p):
        with torch.no_grad():
            p.sub_(lr * p.grad.clamp(-1e3, 1e3))
        p.grad = None

    handles = [
        p.register_post_accumulate_grad_hook(step) for p in dict.fromkeys(params) if p.requires_grad
    ]

    def remove():
        for handle in handles:
            handle.remove()

    return remove
