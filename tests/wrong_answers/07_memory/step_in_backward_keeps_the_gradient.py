"""
task: step_in_backward_
says: .grad is still there for parameters of shape
"""


def step_in_backward_(params, lr):
    def step(p):
        with torch.no_grad():
            p.sub_(lr * p.grad)

    handles = [
        p.register_post_accumulate_grad_hook(step) for p in dict.fromkeys(params) if p.requires_grad
    ]

    def remove():
        for h in handles:
            h.remove()

    return remove
