"""
task: partials
says: differ
"""


def partials(f, x, y):
    x, y = (x.detach().requires_grad_(), y.detach().requires_grad_())
    grad_x, grad_y = torch.autograd.grad(f(x, y), (x, y), materialize_grads=True)
    return grad_x.clamp(-1000.0, 1000.0), grad_y.clamp(-1000.0, 1000.0)
