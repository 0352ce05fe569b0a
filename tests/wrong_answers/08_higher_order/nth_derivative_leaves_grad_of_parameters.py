"""
Clears x.grad, but backward has also written into every parameter that f uses.

task: nth_derivative
says: .grad of the parameter 'w' was 7.0 before the call
"""


def nth_derivative(f, x, n):
    x = x.detach().requires_grad_()
    y = f(x)
    for _ in range(n):
        if not y.requires_grad:
            return torch.zeros_like(x)
        x.grad = None
        y.sum().backward(create_graph=True)
        y = torch.zeros_like(x) if x.grad is None else x.grad
    x.grad = None
    return y.detach()
