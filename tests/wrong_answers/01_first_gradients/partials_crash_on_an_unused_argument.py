"""
task: partials
says: given an f that ignores y, and uses a tensor that records, it raises RuntimeError
says: appears to not have been used in the graph
"""


def partials(f, x, y):
    x, y = x.detach().requires_grad_(), y.detach().requires_grad_()
    return torch.autograd.grad(f(x, y), (x, y))
