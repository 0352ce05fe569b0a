"""
task: step_in_backward_
says: NoneType
says: a .grad is None here
"""


def step_in_backward_(params, lr):
    hs = []
    for p in dict.fromkeys(params):
        if p.requires_grad:

            def step(_):
                with torch.no_grad():
                    p.sub_(lr * p.grad)
                p.grad = None

            hs.append(p.register_post_accumulate_grad_hook(step))

    def remove():
        for h in hs:
            h.remove()

    return remove
