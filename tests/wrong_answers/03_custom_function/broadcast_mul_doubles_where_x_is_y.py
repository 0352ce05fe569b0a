"""
Gives both operands the sum of the two gradients, where they are one tensor.

task: BroadcastMul
says: x is y, and each is given the sum of both gradients
"""


class BroadcastMul(Function):
    @staticmethod
    def forward(ctx, x, y):
        ctx.save_for_backward(x, y)
        ctx.one = x is y
        return x * y

    @staticmethod
    def backward(ctx, grad_output):
        x, y = ctx.saved_tensors
        if ctx.one:
            return 2 * grad_output * x, 2 * grad_output * x
        return (grad_output * y).sum_to_size(x.shape), (grad_output * x).sum_to_size(y.shape)
