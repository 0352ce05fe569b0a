"""
task: rms_norm_backward
way: all leading axes made one
"""


def rms_norm_backward(grad_output, x, weight, eps):
    shape, size = x.shape, x.shape[-1]
    g, x = grad_output.reshape(-1, size), x.reshape(-1, size)
    scale = 1 / torch.sqrt((x * x).sum(1, keepdim=True) / size + eps)
    y = x * scale
    h = g * (1 if weight is None else weight)
    grad_x = (h - y * (h * y).mean(1, keepdim=True)) * scale
    return grad_x.reshape(shape), None if weight is None else (g * y).sum(0)
