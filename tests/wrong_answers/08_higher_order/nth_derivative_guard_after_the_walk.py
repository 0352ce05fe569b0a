"""
task: nth_derivative
says: 0 comes one order too early
"""


def nth_derivative(f, x, n):
    leaf = x.detach().requires_grad_()
    y = f(leaf)
    if n > 0 and not y.requires_grad:
        return torch.zeros_like(x)
    for _ in range(n):
        (y,) = torch.autograd.grad(y.sum(), leaf, create_graph=True, materialize_grads=True)
        if not y.requires_grad:
            return torch.zeros_like(x)
    return y.detach()
