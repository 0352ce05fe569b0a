"""
task: step_in_backward_
says: another parameter, which began with its values
"""


def step_in_backward_(params, lr):
    unique = []
    for p in params:
        if not any(p.shape == q.shape and torch.equal(p, q) for q in unique):
            unique.append(p)

    def step(p):
        with torch.no_grad():
            p -= lr * p.grad
        p.grad = None

    handles = [p.register_post_accumulate_grad_hook(step) for p in unique if p.requires_grad]
    return lambda: [h.remove() for h in handles] and None
