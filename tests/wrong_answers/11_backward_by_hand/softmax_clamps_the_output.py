"""
task: softmax_backward
says: what an output of exactly 0 gives
"""


def softmax_backward(grad_output, output, dim):
    output = output.clamp(min=1e-12)
    return output * (grad_output - (grad_output * output).sum(dim, keepdim=True))
