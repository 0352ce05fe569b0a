"""
task: max_pool2d_backward
way: index_add for each plane
"""


def max_pool2d_backward(grad_output, indices, input_shape):
    *_, height, width = input_shape
    planes = zip(indices.flatten(0, -3), grad_output.flatten(0, -3), strict=True)
    grads = [
        g.new_zeros(height * width).index_add_(0, i.reshape(-1), g.reshape(-1)) for i, g in planes
    ]
    return torch.stack(grads).reshape(tuple(input_shape))
