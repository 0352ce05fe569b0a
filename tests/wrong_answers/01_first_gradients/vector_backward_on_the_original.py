"""
task: vector_backward
says: requires_grad of input 1 was False before the call and is True after it
"""


def vector_backward(f, x, v):
    x.requires_grad_()
    y = f(x)
    if y.shape != v.shape:
        raise ValueError(f"{tuple(y.shape)} and {tuple(v.shape)}")
    return torch.autograd.grad(y, x, v)[0]
