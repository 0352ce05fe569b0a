"""
task: step_in_backward_
says: the last layer's parameter is not updated: take the step and free the gradient as soon as it is complete
"""


def step_in_backward_(params, lr):
    params = [p for p in dict.fromkeys(params) if p.requires_grad]

    def flush():
        with torch.no_grad():
            for p in params:
                if p.grad is not None:
                    p.sub_(lr * p.grad)
                    p.grad = None

    def hook(p):
        torch.autograd.Variable._execution_engine.queue_callback(flush)

    handles = [p.register_post_accumulate_grad_hook(hook) for p in params]

    def remove():
        for h in handles:
            h.remove()

    return remove
