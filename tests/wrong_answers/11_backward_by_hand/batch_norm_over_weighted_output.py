"""
task: batch_norm_backward
says: 2 of the weights 0
"""


def batch_norm_backward(grad_output, x, weight, eps):
    dims = [d for d in range(x.ndim) if d != 1]
    shape = [1, -1] + [1] * (x.ndim - 2)
    xc = x - x.mean(dims, keepdim=True)
    r = (xc.square().mean(dims, keepdim=True) + eps).rsqrt()
    g = grad_output * weight.reshape(shape)
    gw = (g * xc * r).sum(dims) / weight
    gx = r * (g - g.mean(dims, keepdim=True) - xc * r * (g * xc * r).mean(dims, keepdim=True))
    return gx, gw, grad_output.sum(dims)
