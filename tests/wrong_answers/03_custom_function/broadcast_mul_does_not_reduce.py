"""
task: BroadcastMul
says: the gradient for x has shape (4, 3), x has shape (4, 1): sum over the broadcast axis 1
"""


class BroadcastMul(Function):
    @staticmethod
    def forward(ctx, x, y):
        ctx.save_for_backward(x, y)
        return x * y

    @staticmethod
    def backward(ctx, grad_output):
        x, y = ctx.saved_tensors
        return grad_output * y, grad_output * x
