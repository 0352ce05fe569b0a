"""
task: nth_derivative
says: yours is torch.float32
"""


def nth_derivative(f, x, n):
    leaf = x.detach().requires_grad_()
    y = f(leaf)
    for _ in range(n):
        if not y.requires_grad:
            return torch.zeros(x.shape)
        (y,) = torch.autograd.grad(y.sum(), leaf, create_graph=True, materialize_grads=True)
    return y.detach()
