"""
task: matmul_backward
way: sums of elementwise products, without any matrix product
"""


def matmul_backward(grad_output, a, b):
    left = a[None] if a.ndim == 1 else a
    right = b[:, None] if b.ndim == 1 else b
    grad = grad_output
    if b.ndim == 1:
        grad = grad.unsqueeze(-1)
    if a.ndim == 1:
        grad = grad.unsqueeze(-2)
    grad_a = (grad[..., :, None, :] * right[..., None, :, :]).sum(-1).sum_to_size(left.shape)
    grad_b = (left[..., :, :, None] * grad[..., :, None, :]).sum(-3).sum_to_size(right.shape)
    return grad_a.view_as(a), grad_b.view_as(b)
