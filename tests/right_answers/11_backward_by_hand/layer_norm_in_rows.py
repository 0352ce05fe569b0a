"""
task: layer_norm_backward
way: all normalized axes made one, with torch.var_mean
"""


def layer_norm_backward(grad_output, x, weight, eps):
    n = weight.numel()
    rows, given = x.reshape(-1, n), grad_output.reshape(-1, n)
    variance, mean = torch.var_mean(rows, 1, correction=0, keepdim=True)
    root = torch.sqrt(variance + eps)
    y = (rows - mean) / root
    g = given * weight.reshape(-1)
    sums = g.sum(1, keepdim=True) + y * (g * y).sum(1, keepdim=True)
    grad_x = (n * g - sums) / (n * root)
    grad_weight, grad_bias = (given * y).sum(0), given.sum(0)
    return (
        grad_x.reshape(x.shape),
        grad_weight.reshape(weight.shape),
        grad_bias.reshape(weight.shape),
    )
