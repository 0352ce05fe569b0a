"""
task: layer_norm_backward
says: view size is not compatible
"""


def layer_norm_backward(grad_output, x, weight, eps):
    flat = x.view(-1, weight.numel())
    centred = flat - flat.mean(1, keepdim=True)
    scale = (centred.square().mean(1, keepdim=True) + eps).rsqrt()
    normal = centred * scale
    given = grad_output.view(-1, weight.numel())
    g = given * weight.view(-1)
    along = normal * (g * normal).mean(1, keepdim=True)
    grad_x = scale * (g - g.mean(1, keepdim=True) - along)
    grad_weight = (given * normal).sum(0).view_as(weight)
    return grad_x.view_as(x), grad_weight, given.sum(0).view_as(weight)
