"""
task: softmax_backward
says: for outputs of shape (5,)
"""


def softmax_backward(grad_output, output, dim):
    y, g = output.transpose(dim, -1), grad_output.transpose(dim, -1)
    along = torch.bmm(y.flatten(0, -2)[:, None], g.flatten(0, -2)[:, :, None])
    along = along.reshape(*y.shape[:-1], 1)
    return (y * (g - along)).transpose(dim, -1)
