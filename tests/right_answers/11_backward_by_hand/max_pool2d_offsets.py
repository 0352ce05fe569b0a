"""
task: max_pool2d_backward
way: indices made to count over the whole tensor
"""


def max_pool2d_backward(grad_output, indices, input_shape):
    *leading, height, width = input_shape
    i = indices.flatten(-2).reshape(-1, indices.shape[-1] * indices.shape[-2])
    i = i + height * width * torch.arange(len(i), device=i.device)[:, None]
    grad = grad_output.new_zeros(len(i) * height * width)
    grad.put_(i, grad_output.reshape(i.shape), accumulate=True)
    return grad.reshape(*leading, height, width)
