"""
Asks f for the shape inside torch.no_grad().

task: vector_backward
says: f is called where recording is off
"""


def vector_backward(f, x, v):
    x = x.detach()
    with torch.no_grad():
        shape = f(x).shape
    if v.shape != shape:
        raise ValueError(f"v has shape {tuple(v.shape)}, f(x) has shape {tuple(shape)}")
    x.requires_grad_()
    return torch.autograd.grad(f(x), x, v.detach())[0]
