"""
Makes zeros of an argument that may be infinite.

task: partials
says: yours[1]: 4 of 4 elements differ
"""


def partials(f, x, y):
    a, b = x.detach().requires_grad_(), y.detach().requires_grad_()
    grads = torch.autograd.grad(f(a, b), (a, b), allow_unused=True)
    return tuple(0 * t.detach() if g is None else g for t, g in zip((a, b), grads))
