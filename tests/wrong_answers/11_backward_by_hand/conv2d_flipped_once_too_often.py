"""
task: conv2d_backward
says: the kernel is flipped once too often or not at all
"""


def conv2d_backward(grad_output, x, weight, *, stride=1, padding=0):
    kernel = weight.shape[2:]
    windows = F.unfold(x, kernel, stride=stride, padding=padding)
    g = grad_output.flatten(2)
    grad_weight = (g @ windows.mT).sum(0).reshape(weight.shape)
    grad_windows = weight.flip(2, 3).flatten(1).mT @ g
    grad_x = F.fold(grad_windows, x.shape[2:], kernel, stride=stride, padding=padding)
    return grad_x, grad_weight
