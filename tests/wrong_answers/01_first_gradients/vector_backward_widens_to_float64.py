"""
Lets f see float64 in place of the dtype of x.

task: vector_backward
says: given exp(x @ mix), whose backward needs its result as it was returned, it raises RuntimeError
"""


def vector_backward(f, x, v):
    leaf = x.detach().double().requires_grad_()
    y = f(leaf)
    if v.shape != y.shape:
        raise ValueError(f"v has shape {tuple(v.shape)}, f(x) has shape {tuple(y.shape)}")
    return torch.autograd.grad(y, leaf, v.detach().to(y.dtype))[0].to(x.dtype)
