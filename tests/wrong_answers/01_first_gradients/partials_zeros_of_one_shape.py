"""
task: partials
says: yours[0] has shape (4, 1), torch's (4, 3)
"""


def partials(f, x, y):
    a, b = x.detach().requires_grad_(), y.detach().requires_grad_()
    grads = torch.autograd.grad(f(a, b), (a, b), allow_unused=True)
    return tuple(torch.zeros_like(y) if g is None else g for g in grads)
