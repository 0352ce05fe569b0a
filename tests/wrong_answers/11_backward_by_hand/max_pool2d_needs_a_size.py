"""
task: max_pool2d_backward
says: 'list' object has no attribute 'numel'
"""


def max_pool2d_backward(grad_output, indices, input_shape):
    planes = input_shape.numel() // (input_shape[-1] * input_shape[-2])
    grad = grad_output.new_zeros(planes, input_shape[-2] * input_shape[-1])
    grad.scatter_add_(1, indices.reshape(planes, -1), grad_output.reshape(planes, -1))
    return grad.reshape(*input_shape)
