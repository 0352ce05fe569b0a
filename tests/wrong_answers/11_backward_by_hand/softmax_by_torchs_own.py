"""
task: softmax_backward
says: _softmax_backward_data runs
"""


def softmax_backward(grad_output, output, dim):
    return torch.ops.aten._softmax_backward_data(grad_output, output, dim, output.dtype)
