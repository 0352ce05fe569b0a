"""
task: stop_gradient_product
says: .grad of the parameter 'weight'
"""


def stop_gradient_product(f, g, x):
    x = x.detach().clone().requires_grad_()
    (f(x) * g(x).detach()).backward()
    return x.grad
