"""
task: layer_norm_backward
way: the graph walked backward by hand: the product, the root, the variance, the mean
"""


def layer_norm_backward(grad_output, x, weight, eps):
    axes = list(range(x.ndim - weight.ndim, x.ndim))
    leading = list(range(x.ndim - weight.ndim))
    centred = x - x.mean(axes, keepdim=True)
    variance = (centred * centred).mean(axes, keepdim=True)
    inverse = (variance + eps) ** -0.5
    g = grad_output * weight
    grad_inverse = (g * centred).sum(axes, keepdim=True)
    grad_variance = -grad_inverse * inverse**3 / 2
    grad_centred = g * inverse + grad_variance * 2 * centred / weight.numel()
    grad_x = grad_centred - grad_centred.mean(axes, keepdim=True)
    grad_weight = grad_output * centred * inverse
    if not leading:
        return grad_x, grad_weight, grad_output
    return grad_x, grad_weight.sum(leading), grad_output.sum(leading)
