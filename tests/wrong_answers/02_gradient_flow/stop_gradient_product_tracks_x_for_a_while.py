"""
task: stop_gradient_product
says: x itself is made to require grad for a while
"""


def stop_gradient_product(f, g, x):
    was = x.requires_grad
    x.requires_grad_(True)
    (r,) = torch.autograd.grad(f(x) * g(x).detach(), x)
    x.requires_grad_(was)
    return r
