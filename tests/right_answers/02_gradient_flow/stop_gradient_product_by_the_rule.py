"""
task: stop_gradient_product
way: g without recording, times the gradient of f
"""


def stop_gradient_product(f, g, x):
    with torch.no_grad():
        factor = g(x)
    x = x.detach().requires_grad_()
    return factor * torch.autograd.grad(f(x), x)[0]
