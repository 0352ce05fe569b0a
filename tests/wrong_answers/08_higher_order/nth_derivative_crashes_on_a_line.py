"""
task: nth_derivative
says: derivative 2 of 3x - 1, which is 0 everywhere, it raises RuntimeError
says: does not require grad
"""


def nth_derivative(f, x, n):
    x = x.detach().requires_grad_()
    y = f(x)
    for _ in range(n):
        (y,) = torch.autograd.grad(y.sum(), x, create_graph=True)
    return y.detach()
