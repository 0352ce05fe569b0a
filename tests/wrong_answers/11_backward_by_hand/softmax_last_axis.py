"""
task: softmax_backward
says: the sum runs along the last axis
"""


def softmax_backward(grad_output, output, dim):
    weighted = grad_output * output
    return weighted - output * weighted.sum(-1, keepdim=True)
