"""
task: max_pool2d_backward
says: view size is not compatible
"""


def max_pool2d_backward(grad_output, indices, input_shape):
    *leading, height, width = input_shape
    grad = grad_output.new_zeros(*leading, height * width)
    grad.scatter_add_(-1, indices.view(*leading, -1), grad_output.view(*leading, -1))
    return grad.view(*input_shape)
