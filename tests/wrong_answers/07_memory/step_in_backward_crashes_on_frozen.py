"""
task: step_in_backward_
says: where one of the parameters is frozen, it raises RuntimeError
"""


def step_in_backward_(params, lr):
    def step(p):
        with torch.no_grad():
            p.sub_(lr * p.grad)
        p.grad = None

    handles = [p.register_post_accumulate_grad_hook(step) for p in dict.fromkeys(params)]

    def remove():
        for h in handles:
            h.remove()

    return remove
