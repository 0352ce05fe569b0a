"""
task: partials
says: x and y are one leaf, which gets the sum of both gradients
"""


def partials(f, x, y):
    before = x.requires_grad, y.requires_grad
    x.requires_grad_()
    y.requires_grad_()
    grads = torch.autograd.grad(f(x, y), (x, y), materialize_grads=True)
    for tensor, recorded in zip((x, y), before):
        if tensor.is_leaf:
            tensor.requires_grad_(recorded)
    return grads
