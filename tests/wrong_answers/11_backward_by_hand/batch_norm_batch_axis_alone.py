"""
task: batch_norm_backward
says: the statistics are over the batch axis alone
"""


def batch_norm_backward(grad_output, x, weight, eps):
    every = [0, *range(2, x.ndim)]
    centred = x - x.mean(0)
    scale = (centred.square().mean(0) + eps).rsqrt()
    normal = centred * scale
    g = grad_output * weight.reshape(-1, *[1] * (x.ndim - 2))
    grad_x = scale * (g - g.mean(0) - normal * (g * normal).mean(0))
    return grad_x, (grad_output * normal).sum(every), grad_output.sum(every)
