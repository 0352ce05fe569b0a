"""
task: BroadcastMul
says: the incoming gradient is summed first
"""


class BroadcastMul(Function):
    @staticmethod
    def forward(ctx, x, y):
        ctx.save_for_backward(x, y)
        return x * y

    @staticmethod
    def backward(ctx, grad_output):
        x, y = ctx.saved_tensors
        grad_x = (grad_output.sum_to_size(x.shape) * y).sum_to_size(x.shape)
        grad_y = (grad_output.sum_to_size(y.shape) * x).sum_to_size(y.shape)
        return grad_x, grad_y
