"""
task: step_in_backward_
way: two hooks on a tied tensor, of which the second finds no gradient; handles are popped
"""


def step_in_backward_(params, lr):
    handles = []

    def step(p):
        if p.grad is not None:
            p.data.add_(p.grad, alpha=-lr)
            p.grad = None

    for p in params:
        if p.requires_grad:
            handles.append(p.register_post_accumulate_grad_hook(step))

    def remove():
        while handles:
            handles.pop().remove()

    return remove
