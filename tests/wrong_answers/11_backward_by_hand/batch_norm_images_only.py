"""
task: batch_norm_backward
says: for x of shape (5, 2), it raises
"""


def batch_norm_backward(grad_output, x, weight, eps):
    axes = [0, 2, 3]
    centred = x - x.mean(axes, keepdim=True)
    scale = (centred.square().mean(axes, keepdim=True) + eps).rsqrt()
    normal = centred * scale
    g = grad_output * weight[:, None, None]
    along = normal * (g * normal).mean(axes, keepdim=True)
    grad_x = scale * (g - g.mean(axes, keepdim=True) - along)
    return grad_x, (grad_output * normal).sum(axes), grad_output.sum(axes)
