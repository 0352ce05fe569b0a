"""
task: conv2d_backward
says: it raises
"""


def conv2d_backward(grad_output, x, weight, *, stride=1, padding=0):
    n, out, rows, columns = grad_output.shape
    height, width = x.shape[2] + 2 * padding, x.shape[3] + 2 * padding
    h, w = weight.shape[2:]
    spread = grad_output.new_zeros(n, out, height - h + 1, width - w + 1)
    spread[:, :, ::stride, ::stride] = grad_output
    kernel = weight.flip(2, 3).transpose(0, 1)
    grad_x = F.conv2d(spread, kernel, padding=(h - 1 - padding, w - 1 - padding))
    windows = F.unfold(x, (h, w), stride=stride, padding=padding)
    grad_weight = (grad_output.flatten(2) @ windows.mT).sum(0).reshape(weight.shape)
    return grad_x, grad_weight
