"""
task: vector_backward
says: ValueError is due when v has shape (3, 4)
"""


def vector_backward(f, x, v):
    x = x.detach().requires_grad_()
    y = f(x)
    if y.numel() != v.numel():
        raise ValueError(f"{tuple(y.shape)} and {tuple(v.shape)}")
    return torch.autograd.grad((y.reshape(-1) * v.reshape(-1)).sum(), x)[0]
