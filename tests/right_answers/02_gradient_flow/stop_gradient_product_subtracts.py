"""
task: stop_gradient_product
way: the full product rule, less the part of g
"""


def stop_gradient_product(f, g, x):
    x = x.detach().requires_grad_()
    product = f(x) * g(x)
    (full,) = torch.autograd.grad(product, x)
    (of_g,) = torch.autograd.grad(g(x), x)
    return full - f(x).detach() * of_g
