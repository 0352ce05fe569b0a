"""
task: max_pool2d_backward
says: not enough values to unpack
"""


def max_pool2d_backward(grad_output, indices, input_shape):
    n, c, height, width = input_shape
    grad = grad_output.new_zeros(n, c, height * width)
    grad.scatter_add_(-1, indices.flatten(2), grad_output.flatten(2))
    return grad.reshape(n, c, height, width)
