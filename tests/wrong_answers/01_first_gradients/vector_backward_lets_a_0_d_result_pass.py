"""
task: vector_backward
says: ValueError is due when v has shape (2, 1) and f(x) has shape (); nothing was raised
"""


def vector_backward(f, x, v):
    x = x.detach().requires_grad_()
    y = f(x)
    if y.ndim and v.shape != y.shape:
        raise ValueError(f"v has shape {tuple(v.shape)}, f(x) has shape {tuple(y.shape)}")
    (result,) = torch.autograd.grad((y * v.detach()).sum(), x)
    return result
