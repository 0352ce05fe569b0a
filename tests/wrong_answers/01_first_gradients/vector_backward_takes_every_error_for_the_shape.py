"""
task: vector_backward
says: ErrorOfF is due when the backward of f raises ErrorOfF
says: ValueError was raised
"""


def vector_backward(f, x, v):
    x = x.detach().requires_grad_()
    y = f(x)
    try:
        (result,) = torch.autograd.grad(y, x, v.detach())
    except RuntimeError:
        raise ValueError(f"v has shape {tuple(v.shape)}, f(x) has shape {tuple(y.shape)}")
    return result.detach()
