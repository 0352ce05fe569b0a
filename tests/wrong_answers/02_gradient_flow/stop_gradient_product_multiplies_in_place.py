"""
task: stop_gradient_product
says: for f = exp(t·x), whose backward needs what f has returned
"""


def stop_gradient_product(f, g, x):
    x = x.detach().requires_grad_()
    return torch.autograd.grad(f(x).mul_(g(x).detach()), x)[0]
