"""
task: vector_backward
says: vᵀJ of x + 1, where v records and backward hands it on: yours still has a graph attached
"""


def vector_backward(f, x, v):
    x = x.detach().requires_grad_()
    y = f(x)
    if v.shape != y.shape:
        raise ValueError(f"v has shape {tuple(v.shape)}, f(x) has shape {tuple(y.shape)}")
    (result,) = torch.autograd.grad(y, x, v)
    return result
