"""
task: rms_norm_backward
says: it returns a list: a tuple of the gradients is due
"""


def rms_norm_backward(grad_output, x, weight, eps):
    r = (x.square().mean(-1, keepdim=True) + eps).rsqrt()
    hat = x * r
    g = grad_output if weight is None else grad_output * weight
    gx = (g - hat * (g * hat).mean(-1, keepdim=True)) * r
    return [gx, None if weight is None else (grad_output * hat).reshape(-1, x.shape[-1]).sum(0)]
