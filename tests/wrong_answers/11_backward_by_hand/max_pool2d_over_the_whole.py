"""
task: max_pool2d_backward
says: indices are taken over the whole tensor
"""


def max_pool2d_backward(grad_output, indices, input_shape):
    grad = grad_output.new_zeros(*input_shape).flatten()
    grad.index_add_(0, indices.flatten(), grad_output.flatten())
    return grad.reshape(*input_shape)
