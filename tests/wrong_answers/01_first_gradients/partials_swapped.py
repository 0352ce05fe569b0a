"""
task: partials
says: the two are swapped: the gradient by x comes first
"""


def partials(f, x, y):
    x, y = x.detach().requires_grad_(), y.detach().requires_grad_()
    return torch.autograd.grad(f(x, y), (y, x), materialize_grads=True)
