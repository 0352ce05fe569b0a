"""
task: BroadcastMul
says: elements differ
"""


class BroadcastMul(Function):
    @staticmethod
    def forward(ctx, x, y):
        ctx.save_for_backward(x, y)
        return x * y

    @staticmethod
    def backward(ctx, grad_output):
        x, y = ctx.saved_tensors
        grad_x = (grad_output * y).reshape(*x.shape, -1).sum(-1)
        grad_y = (grad_output * x).reshape(*y.shape, -1).sum(-1)
        return grad_x, grad_y
