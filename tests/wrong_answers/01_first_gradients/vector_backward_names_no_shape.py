"""
task: vector_backward
says: let it name 4, 3 and 1, 3 too
"""


def vector_backward(f, x, v):
    x = x.detach().requires_grad_()
    y = f(x)
    if y.shape != v.shape:
        raise ValueError("v has another shape than f(x)")
    return torch.autograd.grad(y, x, v)[0]
