"""
task: stop_gradient_product
way: g(x) as the incoming gradient
"""


def stop_gradient_product(f, g, x):
    x = x.detach().clone().requires_grad_()
    y = f(x)
    return torch.autograd.grad(y, x, grad_outputs=g(x).detach())[0]
