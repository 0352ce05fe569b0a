"""
task: value_gradient_hvp
says: f is called 2 times: one call gives all three
"""


def value_gradient_hvp(f, x, v):
    gradient, product = torch.func.jvp(torch.func.grad(f), (x.detach(),), (v,))
    return f(x.detach()).detach(), gradient.detach(), product.detach()
