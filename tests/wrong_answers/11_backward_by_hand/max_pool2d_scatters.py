"""
task: max_pool2d_backward
says: one of the windows with the same maximum wins
"""


def max_pool2d_backward(grad_output, indices, input_shape):
    *leading, height, width = input_shape
    grad = grad_output.new_zeros(*leading, height * width)
    return grad.scatter(-1, indices.flatten(-2), grad_output.flatten(-2)).reshape(*input_shape)
