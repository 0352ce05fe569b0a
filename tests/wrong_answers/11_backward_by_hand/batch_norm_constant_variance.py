"""
task: batch_norm_backward
says: the variance is taken for a constant
"""


def batch_norm_backward(grad_output, x, weight, eps):
    axes = [0, *range(2, x.ndim)]
    centred = x - x.mean(axes, keepdim=True)
    scale = (centred.square().mean(axes, keepdim=True) + eps).rsqrt()
    normal = centred * scale
    g = grad_output * weight.reshape(-1, *[1] * (x.ndim - 2))
    grad_x = scale * (g - g.mean(axes, keepdim=True))
    return grad_x, (grad_output * normal).sum(axes), grad_output.sum(axes)
