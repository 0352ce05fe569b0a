"""
task: rms_norm_backward
says: eps is to be added to the mean of the squares
"""


def rms_norm_backward(grad_output, x, weight, eps):
    scale = x.square().mean(-1, keepdim=True).rsqrt()
    normal = x * scale
    g = grad_output if weight is None else grad_output * weight
    grad_x = scale * (g - normal * (g * normal).mean(-1, keepdim=True))
    if weight is None:
        return grad_x, None
    return grad_x, (grad_output * normal).sum_to_size(weight.shape)
