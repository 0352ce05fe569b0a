"""
task: nth_derivative
says: no derivative beyond the fourth is taken
"""


def nth_derivative(f, x, n):
    x = x.detach().requires_grad_()
    y = f(x)
    for _ in range(min(n, 4)):
        if not y.requires_grad:
            return torch.zeros_like(y)
        (y,) = torch.autograd.grad(y.sum(), x, create_graph=True, materialize_grads=True)
    return y.detach()
