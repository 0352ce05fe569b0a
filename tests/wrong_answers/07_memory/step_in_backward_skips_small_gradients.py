"""
task: step_in_backward_
says: it is not updated
"""


def step_in_backward_(params, lr):
    def step(p):
        with torch.no_grad():
            if p.grad.norm() > 1e-6:
                p.sub_(lr * p.grad)
        p.grad = None

    hs = [
        p.register_post_accumulate_grad_hook(step) for p in dict.fromkeys(params) if p.requires_grad
    ]

    def remove():
        for h in hs:
            h.remove()

    return remove
