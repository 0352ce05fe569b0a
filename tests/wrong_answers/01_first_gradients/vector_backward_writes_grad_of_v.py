"""
task: vector_backward
says: .grad of input 2 was None before the call
"""


def vector_backward(f, x, v):
    x = x.detach().requires_grad_()
    y = f(x)
    if y.shape != v.shape:
        raise ValueError(f"{tuple(y.shape)} and {tuple(v.shape)}")
    (y * v).sum().backward()
    return x.grad
