"""
task: matmul_backward
says: the two gradients are swapped
"""


def matmul_backward(grad_output, a, b):
    left = a[None] if a.ndim == 1 else a
    right = b[:, None] if b.ndim == 1 else b
    grad = grad_output
    if b.ndim == 1:
        grad = grad.unsqueeze(-1)
    if a.ndim == 1:
        grad = grad.unsqueeze(-2)
    grad_a = (grad @ right.mT).sum_to_size(left.shape)
    grad_b = (left.mT @ grad).sum_to_size(right.shape)
    return grad_b.reshape(b.shape), grad_a.reshape(a.shape)
