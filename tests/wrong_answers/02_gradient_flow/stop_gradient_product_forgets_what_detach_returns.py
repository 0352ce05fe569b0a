"""
task: stop_gradient_product
says: this is the full product rule
"""


def stop_gradient_product(f, g, x):
    x = x.detach().requires_grad_()
    constant = g(x)
    constant.detach()
    (gradient,) = torch.autograd.grad(f(x) * constant, x)
    return gradient
