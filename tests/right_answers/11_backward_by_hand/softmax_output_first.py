"""
task: softmax_backward
way: the output times what is left of grad_output
"""


def softmax_backward(grad_output, output, dim):
    return output * (grad_output - (grad_output * output).sum(dim, keepdim=True))
