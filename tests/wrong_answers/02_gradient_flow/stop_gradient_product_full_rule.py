"""
task: stop_gradient_product
says: this is the full product rule
"""


def stop_gradient_product(f, g, x):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(f(x) * g(x), x)
    return gradient
