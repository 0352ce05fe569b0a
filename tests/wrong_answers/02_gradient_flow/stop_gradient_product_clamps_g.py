"""
task: stop_gradient_product
says: the gradient, where f and g have parameters
"""


def stop_gradient_product(f, g, x):
    x = x.detach().requires_grad_()
    value = g(x).detach().clamp(-1000.0, 1000.0)
    (gradient,) = torch.autograd.grad(f(x) * value, x)
    return gradient
