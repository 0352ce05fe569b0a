"""
task: softmax_backward
says: the sum is left out
"""


def softmax_backward(grad_output, output, dim):
    return grad_output * output
