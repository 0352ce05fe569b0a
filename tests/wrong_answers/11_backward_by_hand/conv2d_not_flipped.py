"""
task: conv2d_backward
says: the kernel is flipped once too often or not at all
"""


def conv2d_backward(grad_output, x, weight, *, stride=1, padding=0):
    n, _, height, width = x.shape
    out, channels, h, w = weight.shape
    # g spread out by the stride, on a plane of all places where a window might begin.
    spread = grad_output.new_zeros(
        n, out, height + 2 * padding - h + 1, width + 2 * padding - w + 1
    )
    spread[:, :, ::stride, ::stride] = grad_output
    kernel = weight.transpose(0, 1)
    grad_padded = F.conv2d(spread, kernel, padding=(h - 1, w - 1))
    grad_x = grad_padded[:, :, padding : padding + height, padding : padding + width]
    padded = F.pad(x, [padding] * 4)
    grad_weight = F.conv2d(padded.transpose(0, 1), spread.transpose(0, 1)).transpose(0, 1)
    return grad_x, grad_weight
