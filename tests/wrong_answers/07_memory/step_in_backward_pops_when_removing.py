"""
task: step_in_backward_
says: when the returned function is called a second time, it raises IndexError
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
        while True:
            handles.pop().remove()
            if not handles:
                return

    return remove
