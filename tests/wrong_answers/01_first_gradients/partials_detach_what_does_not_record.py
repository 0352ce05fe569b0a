"""
task: partials
says: the gradient by y also runs through x, which was computed from y
"""


def partials(f, x, y):
    a = x if x.requires_grad else x.detach().requires_grad_()
    b = y if y.requires_grad else y.detach().requires_grad_()
    return torch.autograd.grad(f(a, b), (a, b), materialize_grads=True)
