"""
task: layer_norm_backward
says: eps is to be added to the variance
"""


def layer_norm_backward(grad_output, x, weight, eps):
    axes = tuple(range(-weight.ndim, 0))
    centred = x - x.mean(axes, keepdim=True)
    scale = centred.square().mean(axes, keepdim=True).rsqrt()
    normal = centred * scale
    g = grad_output * weight
    along = normal * (g * normal).mean(axes, keepdim=True)
    grad_x = scale * (g - g.mean(axes, keepdim=True) - along)
    grad_weight = (grad_output * normal).sum_to_size(weight.shape)
    return grad_x, grad_weight, grad_output.sum_to_size(weight.shape)
