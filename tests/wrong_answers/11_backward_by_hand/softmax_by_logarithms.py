"""
task: softmax_backward
says: NaN
"""


def softmax_backward(grad_output, output, dim):
    weighted = grad_output * output
    return weighted - (output.log() + 0 * output.log()).exp() * weighted.sum(dim, keepdim=True)
