"""
task: conv2d_backward
says: it raises
"""


def conv2d_backward(grad_output, x, weight, *, stride=1, padding=0):
    kernel = weight.shape[2:]
    windows = F.unfold(x, kernel, padding=padding)
    g = grad_output.flatten(2)
    grad_weight = (g @ windows.mT).sum(0).reshape(weight.shape)
    grad_windows = weight.flatten(1).mT @ g
    grad_x = F.fold(grad_windows, x.shape[2:], kernel, padding=padding)
    return grad_x, grad_weight
