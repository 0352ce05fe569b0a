"""
task: conv2d_backward
says: yours[0] has shape (2, 3, 5, 7), torch's (2, 3, 6, 8)
"""


def conv2d_backward(grad_output, x, weight, *, stride=1, padding=0):
    kernel = weight.shape[2:]
    grad_x = F.conv_transpose2d(grad_output, weight, stride=stride, padding=padding)
    of_kernel = F.conv2d(
        x.transpose(0, 1), grad_output.transpose(0, 1), padding=padding, dilation=stride
    ).transpose(0, 1)
    grad_weight = of_kernel[:, :, : kernel[0], : kernel[1]]
    return grad_x, grad_weight
