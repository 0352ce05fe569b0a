"""
task: nth_derivative
says: one order too many is taken
"""


def nth_derivative(f, x, n):
    x = x.detach().requires_grad_()
    y = f(x)
    for _ in range(n + n // 3):
        if not y.requires_grad:
            return torch.zeros_like(y)
        (y,) = torch.autograd.grad(y.sum(), x, create_graph=True, materialize_grads=True)
    return y.detach()
