"""
task: value_gradient_hvp
way: torch.func.jvp of torch.func.grad_and_value
"""


def value_gradient_hvp(f, x, v):
    both = torch.func.grad_and_value(f)
    (gradient, value), (product, _) = torch.func.jvp(both, (x.detach(),), (v.detach(),))
    return value.detach(), gradient.detach(), product.detach()
