"""
task: nth_derivative
says: differ
"""


def nth_derivative(f, x, n):
    x = x.detach().requires_grad_()
    y = f(x)
    for _ in range(n):
        if not y.requires_grad:
            return torch.zeros_like(y)
        (y,) = torch.autograd.grad(y.sum(), x, create_graph=True, materialize_grads=True)
    return y.detach().clamp(-1000.0, 1000.0)
