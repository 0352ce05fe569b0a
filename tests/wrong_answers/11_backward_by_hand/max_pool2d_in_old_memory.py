"""
task: max_pool2d_backward
says: none of torch's is
"""


def max_pool2d_backward(grad_output, indices, input_shape):
    *leading, height, width = input_shape
    grad = grad_output.new_empty(*leading, height * width)
    grad.scatter_add_(-1, indices.flatten(-2), grad_output.flatten(-2))
    return grad.reshape(*input_shape)
