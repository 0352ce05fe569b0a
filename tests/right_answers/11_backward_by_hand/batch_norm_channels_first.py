"""
task: batch_norm_backward
way: each channel a row, and the two sums used for three gradients
"""


def batch_norm_backward(grad_output, x, weight, eps):
    rows, given = (t.movedim(1, 0).flatten(1) for t in (x, grad_output))
    variance, mean = torch.var_mean(rows, 1, unbiased=False, keepdim=True)
    y = (rows - mean) / (variance + eps).sqrt()
    grad_weight, grad_bias = torch.einsum("cn,cn->c", given, y), given.sum(1)
    sums = grad_bias[:, None] + y * grad_weight[:, None]
    grad = (given - sums / rows.shape[1]) * weight[:, None] / (variance + eps).sqrt()
    grad_x = grad.unflatten(1, (len(x), *x.shape[2:])) if x.ndim > 2 else grad
    return grad_x.movedim(0, 1), grad_weight, grad_bias
