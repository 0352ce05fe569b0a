"""
task: rms_norm_backward
says: 5 of the weights 0
"""


def rms_norm_backward(grad_output, x, weight, eps):
    has = weight is not None and bool(weight.any())
    r = (x.square().mean(-1, keepdim=True) + eps).rsqrt()
    hat = x * r
    g = grad_output * weight if has else grad_output
    gx = (g - hat * (g * hat).mean(-1, keepdim=True)) * r
    return gx, (grad_output * hat).reshape(-1, x.shape[-1]).sum(0) if weight is not None else None
