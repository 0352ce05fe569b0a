"""
task: layer_norm_backward
says: 1 of the weights 0
"""


def layer_norm_backward(grad_output, x, weight, eps):
    dims = tuple(range(-weight.ndim, 0))
    xc = x - x.mean(dims, keepdim=True)
    r = (xc.square().mean(dims, keepdim=True) + eps).rsqrt()
    y = xc * r * weight
    g = grad_output * weight
    gx = r * (g - g.mean(dims, keepdim=True) - xc * r * (grad_output * y).mean(dims, keepdim=True))
    return (
        gx,
        (grad_output * y).sum_to_size(weight.shape) / weight,
        grad_output.sum_to_size(weight.shape),
    )
