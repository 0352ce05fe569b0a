"""
task: partials
way: allow_unused, and zeros where None comes back
"""


def partials(f, x, y):
    inputs = [t.detach().clone().requires_grad_(True) for t in (x, y)]
    grads = torch.autograd.grad(f(*inputs), inputs, allow_unused=True)
    return tuple(torch.zeros_like(t) if g is None else g for t, g in zip(inputs, grads))
