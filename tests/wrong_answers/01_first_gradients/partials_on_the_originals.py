"""
task: partials
says: requires_grad of input 1 was False before the call and is True after it
"""


def partials(f, x, y):
    x.requires_grad_()
    y.requires_grad_()
    return torch.autograd.grad(f(x, y), (x, y), materialize_grads=True)
