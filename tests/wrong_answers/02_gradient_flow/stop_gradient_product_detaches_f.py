"""
task: stop_gradient_product
says: f is held constant instead of g
"""


def stop_gradient_product(f, g, x):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(f(x).detach() * g(x), x)
    return gradient
