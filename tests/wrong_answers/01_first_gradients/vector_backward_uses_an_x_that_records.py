"""
task: vector_backward
says: x itself is made to record, or left recording, so that the x inside f counts too
"""


def vector_backward(f, x, v):
    leaf = x if x.requires_grad else x.detach().requires_grad_()
    y = f(leaf)
    if v.shape != y.shape:
        raise ValueError(f"v has shape {tuple(v.shape)}, f(x) has shape {tuple(y.shape)}")
    return torch.autograd.grad(y, leaf, v.detach())[0]
