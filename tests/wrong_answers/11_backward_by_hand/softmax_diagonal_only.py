"""
task: softmax_backward
says: only the diagonal is used
"""


def softmax_backward(grad_output, output, dim):
    return grad_output * output * (1 - output)
