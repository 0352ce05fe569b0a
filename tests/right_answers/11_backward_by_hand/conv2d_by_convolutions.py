"""
task: conv2d_backward
way: a transposed convolution with output_padding, and a dilated one that is cropped
"""


def conv2d_backward(grad_output, x, weight, *, stride=1, padding=0):
    size, kernel = x.shape[2:], weight.shape[2:]
    rest = [(n + 2 * padding - k) % stride for n, k in zip(size, kernel, strict=True)]
    grad_x = F.conv_transpose2d(
        grad_output, weight, stride=stride, padding=padding, output_padding=rest
    )
    of_kernel = F.conv2d(
        x.transpose(0, 1), grad_output.transpose(0, 1), padding=padding, dilation=stride
    ).transpose(0, 1)
    grad_weight = of_kernel[:, :, : kernel[0], : kernel[1]]
    return grad_x, grad_weight
