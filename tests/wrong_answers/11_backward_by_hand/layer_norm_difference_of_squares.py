"""
task: layer_norm_backward
says: E[x²] - E[x]² keeps few digits
"""


def layer_norm_backward(grad_output, x, weight, eps):
    axes = tuple(range(-weight.ndim, 0))
    mean = x.mean(axes, keepdim=True)
    variance = x.square().mean(axes, keepdim=True) - mean.square()
    scale = (variance + eps).rsqrt()
    normal = (x - mean) * scale
    g = grad_output * weight
    along = normal * (g * normal).mean(axes, keepdim=True)
    grad_x = scale * (g - g.mean(axes, keepdim=True) - along)
    grad_weight = (grad_output * normal).sum_to_size(weight.shape)
    return grad_x, grad_weight, grad_output.sum_to_size(weight.shape)
