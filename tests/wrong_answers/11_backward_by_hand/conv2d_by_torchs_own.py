"""
task: conv2d_backward
says: torch's own convolution_backward runs
"""


def conv2d_backward(grad_output, x, weight, *, stride=1, padding=0):
    pairs = [stride] * 2, [padding] * 2, [1, 1], False, [0, 0], 1
    return torch.ops.aten.convolution_backward(
        grad_output, x, weight, None, *pairs, [True, True, False]
    )[:2]
