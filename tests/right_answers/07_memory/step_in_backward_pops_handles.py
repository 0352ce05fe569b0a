"""
task: step_in_backward_
way: a decorated hook that copies, and handles that are popped when they are removed
"""


def step_in_backward_(params, lr):
    @torch.no_grad()
    def step(p):
        p.copy_(p - lr * p.grad)
        p.grad = None

    unique = {id(p): p for p in params if p.requires_grad}
    handles = [p.register_post_accumulate_grad_hook(step) for p in unique.values()]

    def remove():
        while handles:
            handles.pop().remove()

    return remove
