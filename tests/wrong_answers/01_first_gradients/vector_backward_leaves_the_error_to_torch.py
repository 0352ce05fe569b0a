"""
task: vector_backward
says: ValueError is due when v has shape (1, 3) and f(x) has shape (4, 3)
says: RuntimeError was raised: Mismatch in shape
"""


def vector_backward(f, x, v):
    x = x.detach().requires_grad_()
    return torch.autograd.grad(f(x), x, v)[0]
