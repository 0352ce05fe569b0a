"""
task: nth_derivative
way: backward into x alone, and the cycle broken each time
"""


def nth_derivative(f, x, n):
    x = x.detach().clone().requires_grad_()
    y = f(x)
    for _ in range(n):
        if y.requires_grad:
            y.backward(torch.ones_like(y), inputs=[x], create_graph=True)
            y, x.grad = x.grad, None
        else:
            y = None
        if y is None:
            return torch.zeros_like(x).detach()
    return y.detach()
