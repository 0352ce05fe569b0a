"""
task: batch_norm_backward
way: a loop over the channels, each a vector
"""


def batch_norm_backward(grad_output, x, weight, eps):
    grad_x = torch.zeros_like(x)
    grad_weight, grad_bias = torch.zeros_like(weight), torch.zeros_like(weight)
    for c, w in enumerate(weight.tolist()):
        values, given = x[:, c], grad_output[:, c]
        y = (values - values.mean()) / torch.sqrt(values.var(correction=0) + eps)
        grad_weight[c], grad_bias[c] = (given * y).sum(), given.sum()
        g = given - given.mean() - y * grad_weight[c] / y.numel()
        grad_x[:, c] = g * w / torch.sqrt(values.var(correction=0) + eps)
    return grad_x, grad_weight, grad_bias
