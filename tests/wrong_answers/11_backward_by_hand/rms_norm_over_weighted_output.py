"""
task: rms_norm_backward
says: 1 of the weights 0
"""


def rms_norm_backward(grad_output, x, weight, eps):
    r = torch.rsqrt(x.square().mean(-1, keepdim=True) + eps)
    y = x * r if weight is None else x * r * weight
    g = grad_output if weight is None else grad_output * weight
    gx = r * (g - x * r * (grad_output * y).mean(-1, keepdim=True))
    gw = None if weight is None else (grad_output * y / weight).reshape(-1, x.shape[-1]).sum(0)
    return gx, gw
