"""
task: stop_gradient_product
says: a gradient flows through g, and is taken away by a difference or by · 0
"""


def stop_gradient_product(f, g, x):
    x = x.detach().requires_grad_()
    product = f(x) * g(x)
    (full,) = torch.autograd.grad(product, x)
    (of_g,) = torch.autograd.grad(g(x), x)
    return full - f(x).detach() * of_g
