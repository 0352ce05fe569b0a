"""
task: softmax_backward
says: makes a tensor of 1800 elements
"""


def softmax_backward(grad_output, output, dim):
    y, g = output.movedim(dim, -1), grad_output.movedim(dim, -1)
    jacobian = torch.diag_embed(y) - y[..., :, None] * y[..., None, :]
    return (jacobian @ g[..., None])[..., 0].movedim(-1, dim)
