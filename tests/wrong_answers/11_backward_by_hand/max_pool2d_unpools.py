"""
task: max_pool2d_backward
says: one of the windows with the same maximum wins
"""


def max_pool2d_backward(grad_output, indices, input_shape):
    places = indices.contiguous()
    return torch.ops.aten.max_unpool2d(grad_output, places, list(input_shape[-2:]))
