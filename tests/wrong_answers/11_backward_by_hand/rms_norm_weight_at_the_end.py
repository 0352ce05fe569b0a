"""
task: rms_norm_backward
says: the weight is multiplied at the end
"""


def rms_norm_backward(grad_output, x, weight, eps):
    scale = (x.square().mean(-1, keepdim=True) + eps).rsqrt()
    normal = x * scale
    g = grad_output
    grad_x = scale * (g - normal * (g * normal).mean(-1, keepdim=True))
    if weight is not None:
        grad_x = grad_x * weight
    if weight is None:
        return grad_x, None
    return grad_x, (grad_output * normal).sum_to_size(weight.shape)
