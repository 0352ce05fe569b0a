"""
task: matmul_backward
says: sum over the broadcast axis 0
"""


def matmul_backward(grad_output, a, b):
    left = a[None] if a.ndim == 1 else a
    right = b[:, None] if b.ndim == 1 else b
    grad = grad_output
    if b.ndim == 1:
        grad = grad.unsqueeze(-1)
    if a.ndim == 1:
        grad = grad.unsqueeze(-2)
    grad_a, grad_b = grad @ right.mT, left.mT @ grad
    if a.ndim == 1 or b.ndim == 1:
        return grad_a.sum_to_size(left.shape).reshape(a.shape), grad_b.sum_to_size(
            right.shape
        ).reshape(b.shape)
    return grad_a, grad_b
