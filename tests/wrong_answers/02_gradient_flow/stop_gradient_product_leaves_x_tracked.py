"""
task: stop_gradient_product
says: requires_grad of an input was False
"""


def stop_gradient_product(f, g, x):
    x.requires_grad_(True)
    return torch.autograd.grad(f(x) * g(x).detach(), x)[0]
