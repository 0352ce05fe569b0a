"""
task: nth_derivative
says: it stops where a derivative is 0 everywhere
"""


def nth_derivative(f, x, n):
    x = x.detach().requires_grad_()
    y = f(x)
    for _ in range(n):
        if not y.requires_grad or not y.any():
            return torch.zeros_like(x).detach()
        (y,) = torch.autograd.grad(y.sum(), x, create_graph=True, materialize_grads=True)
    return y.detach()
