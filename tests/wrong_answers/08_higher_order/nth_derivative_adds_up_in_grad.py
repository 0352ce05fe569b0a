"""
A guide's way: backward(create_graph=True) again and again, and .grad never cleared.

task: nth_derivative
says: This is exactly what you get when the gradients of all walks add up in .grad
"""


def nth_derivative(f, x, n):
    x = x.detach().requires_grad_()
    y = f(x)
    for _ in range(n):
        y.sum().backward(create_graph=True)
        y = x.grad
    return y.detach()
