"""
materialize_grads helps against unused inputs only, not against an output without a graph.

task: nth_derivative
says: derivative 2 of 3x - 1, which is 0 everywhere, it raises RuntimeError
"""


def nth_derivative(f, x, n):
    x = x.detach().requires_grad_()
    y = f(x)
    for _ in range(n):
        (y,) = torch.autograd.grad(y.sum(), x, create_graph=True, materialize_grads=True)
    return y.detach()
