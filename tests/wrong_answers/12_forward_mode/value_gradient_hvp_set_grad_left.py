"""
task: value_gradient_hvp
says: where f raises KeyboardInterrupt, recording is not left as it was
"""


def value_gradient_hvp(f, x, v):
    before = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    both = torch.func.grad_and_value(f)
    (gradient, value), (product, _) = torch.func.jvp(both, (x.detach(),), (v.detach(),))
    torch.set_grad_enabled(before)
    return value.detach(), gradient.detach(), product.detach()
