"""
task: max_pool2d_backward
says: grad_output is left out
"""


def max_pool2d_backward(grad_output, indices, input_shape):
    *leading, height, width = input_shape
    grad = grad_output.new_zeros(*leading, height * width)
    grad.scatter_add_(-1, indices.flatten(-2), torch.ones_like(grad_output).flatten(-2))
    return grad.reshape(*input_shape)
