"""
task: matmul_backward
says: the batch axes are folded into one by reshape
"""


def matmul_backward(grad_output, a, b):
    left = a[None] if a.ndim == 1 else a
    right = b[:, None] if b.ndim == 1 else b
    grad = grad_output
    if b.ndim == 1:
        grad = grad.unsqueeze(-1)
    if a.ndim == 1:
        grad = grad.unsqueeze(-2)
    grad_a = (grad @ right.mT).reshape(-1, *left.shape).sum(0)
    grad_b = (left.mT @ grad).reshape(-1, *right.shape).sum(0)
    return grad_a.reshape(a.shape), grad_b.reshape(b.shape)
