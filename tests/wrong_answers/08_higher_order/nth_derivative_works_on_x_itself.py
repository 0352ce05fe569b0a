"""
task: nth_derivative
says: requires_grad of an input was False before the call and is True after it
"""


def nth_derivative(f, x, n):
    x.requires_grad_()
    y = f(x)
    for _ in range(n):
        if not y.requires_grad:
            return torch.zeros_like(x)
        (y,) = torch.autograd.grad(y.sum(), x, create_graph=True, materialize_grads=True)
    return y.detach()
