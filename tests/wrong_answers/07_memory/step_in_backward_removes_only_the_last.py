"""
task: step_in_backward_
says: backward still updates parameters [0, 1] of 0 to 2
"""


def step_in_backward_(params, lr):
    def step(p):
        with torch.no_grad():
            p.sub_(lr * p.grad)
        p.grad = None

    handles = [
        p.register_post_accumulate_grad_hook(step) for p in dict.fromkeys(params) if p.requires_grad
    ]

    def remove():
        handles[-1].remove()

    return remove
