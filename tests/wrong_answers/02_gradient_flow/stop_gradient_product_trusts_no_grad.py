"""
Runs g on the leaf under no_grad, where a g that returns its argument returns the leaf.

task: stop_gradient_product
says: no_grad runs g, which returns its argument, and that records
"""


def stop_gradient_product(f, g, x):
    x = x.detach().requires_grad_()
    with torch.no_grad():
        factor = g(x)
    return torch.autograd.grad(f(x) * factor, x)[0]
