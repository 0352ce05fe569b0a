"""
task: softmax_backward
says: the size of tensor
"""


def softmax_backward(grad_output, output, dim):
    weighted = grad_output * output
    return weighted - output * weighted.sum(dim)
