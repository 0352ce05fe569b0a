"""
task: vector_backward
says: ValueError is due when v has shape () and f(x) has shape (4, 3); nothing was raised
"""


def vector_backward(f, x, v):
    x = x.detach().requires_grad_()
    y = f(x)
    if any(a != b for a, b in zip(v.shape, y.shape)):
        raise ValueError(f"v has shape {tuple(v.shape)}, f(x) has shape {tuple(y.shape)}")
    (result,) = torch.autograd.grad((y * v.detach()).sum(), x)
    return result
