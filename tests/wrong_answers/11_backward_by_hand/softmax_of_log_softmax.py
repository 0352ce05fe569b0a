"""
task: softmax_backward
says: the formula is log-softmax's
"""


def softmax_backward(grad_output, output, dim):
    return grad_output - output * grad_output.sum(dim, keepdim=True)
