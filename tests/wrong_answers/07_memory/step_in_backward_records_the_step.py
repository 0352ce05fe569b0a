"""
task: step_in_backward_
says: in backward(create_graph=True), where grad mode is on
says: a leaf Variable that requires grad is being used in an in-place operation
"""


def step_in_backward_(params, lr):
    def step(p):
        p.add_(p.grad, alpha=-lr)
        p.grad = None

    handles = [
        p.register_post_accumulate_grad_hook(step) for p in dict.fromkeys(params) if p.requires_grad
    ]

    def undo():
        for handle in handles:
            handle.remove()

    return undo
