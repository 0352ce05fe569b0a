"""
task: nth_derivative
says: derivative 2 of w·x
says: appears to not have been used in the graph
"""


def nth_derivative(f, x, n):
    x = x.detach().requires_grad_()
    y = f(x)
    for _ in range(n):
        if not y.requires_grad:
            return torch.zeros_like(x)
        (y,) = torch.autograd.grad(y.sum(), x, create_graph=True)
    return y.detach()
