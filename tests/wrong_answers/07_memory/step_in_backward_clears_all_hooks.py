"""
task: step_in_backward_
says: take back your own hooks alone
"""


def step_in_backward_(params, lr):
    def step(p):
        with torch.no_grad():
            p.sub_(lr * p.grad)
        p.grad = None

    params = kept = list(dict.fromkeys(params))
    handles = [p.register_post_accumulate_grad_hook(step) for p in kept if p.requires_grad]

    def remove():
        for p in kept:
            p._post_accumulate_grad_hooks and p._post_accumulate_grad_hooks.clear()

    return remove
