"""
task: vector_backward
says: weight.grad is written: .backward() writes the .grad of every leaf
"""


def vector_backward(f, x, v):
    x = x.detach().requires_grad_()
    y = f(x)
    if y.shape != v.shape:
        raise ValueError(f"{tuple(y.shape)} and {tuple(v.shape)}")
    y.backward(v)
    return x.grad
