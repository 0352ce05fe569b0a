"""
task: step_in_backward_
says: .grad is still there for parameters of shape
says: Tensor.register_hook is too early, for it runs before .grad is written
"""


def step_in_backward_(params, lr):
    def hook(p):
        def step(grad):
            with torch.no_grad():
                p.sub_(lr * grad)

        return step

    handles = [p.register_hook(hook(p)) for p in dict.fromkeys(params) if p.requires_grad]

    def remove():
        for h in handles:
            h.remove()

    return remove
