"""
task: stop_gradient_product
says: the value of g is left out
"""


def stop_gradient_product(f, g, x):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(f(x), x)
    return gradient
