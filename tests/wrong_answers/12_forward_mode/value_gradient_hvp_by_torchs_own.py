"""
task: value_gradient_hvp
says: calls torch.autograd.functional.hvp
"""


def value_gradient_hvp(f, x, v):
    value, product = torch.autograd.functional.hvp(f, x.detach(), v)
    gradient = torch.autograd.functional.jacobian(f, x.detach())
    return value.detach(), gradient, product
