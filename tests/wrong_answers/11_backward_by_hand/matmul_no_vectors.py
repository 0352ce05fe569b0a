"""
task: matmul_backward
says: for shapes (3,) and (3, 5), it raises
"""


def matmul_backward(grad_output, a, b):
    grad_a = (grad_output @ b.mT).sum_to_size(a.shape)
    grad_b = (a.mT @ grad_output).sum_to_size(b.shape)
    return grad_a, grad_b
