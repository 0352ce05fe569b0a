"""
task: matmul_backward
says: where a and b are one tensor
"""


def matmul_backward(grad_output, a, b):
    left = a[None] if a.ndim == 1 else a
    right = b[:, None] if b.ndim == 1 else b
    grad = grad_output
    if b.ndim == 1:
        grad = grad.unsqueeze(-1)
    if a.ndim == 1:
        grad = grad.unsqueeze(-2)
    grad_a = (grad @ right.mT).sum_to_size(left.shape).reshape(a.shape)
    grad_b = (left.mT @ grad).sum_to_size(right.shape).reshape(b.shape)
    if a is b:
        grad_a = grad_b = grad_a + grad_b
    return grad_a, grad_b
