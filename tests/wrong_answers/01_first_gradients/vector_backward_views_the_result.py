"""
task: vector_backward
says: view size is not compatible
"""


def vector_backward(f, x, v):
    x = x.detach().requires_grad_()
    y = f(x)
    if v.shape != y.shape:
        raise ValueError(f"v has shape {tuple(v.shape)}, f(x) has shape {tuple(y.shape)}")
    (result,) = torch.autograd.grad(torch.dot(y.view(-1), v.detach().reshape(-1)), x)
    return result
