"""
task: batch_norm_backward
says: view size is not compatible
"""


def batch_norm_backward(grad_output, x, weight, eps):
    channels = len(weight)
    rows = x.transpose(0, 1).reshape(channels, -1)
    given = grad_output.view(len(x), channels, -1).transpose(0, 1).reshape(channels, -1)
    centred = rows - rows.mean(1, keepdim=True)
    scale = (centred.square().mean(1, keepdim=True) + eps).rsqrt()
    normal = centred * scale
    g = given * weight[:, None]
    along = normal * (g * normal).mean(1, keepdim=True)
    grad = scale * (g - g.mean(1, keepdim=True) - along)
    grad_x = grad.reshape(channels, len(x), *x.shape[2:]).transpose(0, 1)
    return grad_x, (given * normal).sum(1), given.sum(1)
