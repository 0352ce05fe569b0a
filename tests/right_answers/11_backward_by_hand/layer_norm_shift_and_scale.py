"""
task: layer_norm_backward
way: x·r − mean·r for the normalized x
"""


def layer_norm_backward(grad_output, x, weight, eps):
    dims = tuple(range(-weight.ndim, 0))
    var, mean = torch.var_mean(x, dims, correction=0, keepdim=True)
    r = (var + eps).rsqrt()
    hat = x * r - mean * r
    g = grad_output * weight
    gx = r * (g - g.mean(dims, keepdim=True) - hat * (g * hat).mean(dims, keepdim=True))
    return gx, (grad_output * hat).sum_to_size(weight.shape), grad_output.sum_to_size(weight.shape)
