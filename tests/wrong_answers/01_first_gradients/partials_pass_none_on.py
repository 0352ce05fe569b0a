"""
task: partials
says: autograd's None for y, which f ignores, is passed on
"""


def partials(f, x, y):
    x, y = x.detach().requires_grad_(), y.detach().requires_grad_()
    return torch.autograd.grad(f(x, y), (x, y), allow_unused=True)
