"""
task: rms_norm_backward
says: x/‖x‖ is taken for the normalized x
"""


def rms_norm_backward(grad_output, x, weight, eps):
    scale = (x.square().mean(-1, keepdim=True) + eps).rsqrt()
    normal = x * scale
    g = grad_output if weight is None else grad_output * weight
    unit = torch.nn.functional.normalize(x, dim=-1, eps=0.0)
    grad_x = scale * (g - unit * (g * unit).sum(-1, keepdim=True))
    if weight is None:
        return grad_x, None
    return grad_x, (grad_output * normal).sum_to_size(weight.shape)
