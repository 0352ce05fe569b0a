"""
task: vector_backward
says: differ
"""


def vector_backward(f, x, v):
    x = x.detach().requires_grad_()
    y = f(x)
    if v.shape != y.shape:
        raise ValueError(f"v has shape {tuple(v.shape)}, f(x) has shape {tuple(y.shape)}")
    (result,) = torch.autograd.grad((y * v).sum(), x)
    return result.clamp(-1000.0, 1000.0)
