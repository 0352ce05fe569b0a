"""
task: matmul_backward
says: raises
"""


def matmul_backward(grad_output, a, b):
    left = a[None] if a.ndim == 1 else a
    right = b[:, None] if b.ndim == 1 else b
    grad = grad_output
    if b.ndim == 1:
        grad = grad.unsqueeze(-1)
    if a.ndim == 1:
        grad = grad.unsqueeze(-2)
    grad_a = (grad @ right.T).sum_to_size(left.shape)
    grad_b = (left.T @ grad).sum_to_size(right.shape)
    return grad_a.reshape(a.shape), grad_b.reshape(b.shape)
