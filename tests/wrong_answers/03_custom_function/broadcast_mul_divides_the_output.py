"""
Takes each operand as the output over the other one, which is 0 / 0 at 0.

task: BroadcastMul
says: the output is divided by an operand: 0 / 0 is NaN
"""


class BroadcastMul(Function):
    @staticmethod
    def forward(ctx, x, y):
        z = x * y
        ctx.save_for_backward(x, y, z)
        return z

    @staticmethod
    def backward(ctx, grad_output):
        x, y, z = ctx.saved_tensors
        by_x, by_y = grad_output * z / x, grad_output * z / y
        return by_x.sum_to_size(x.shape), by_y.sum_to_size(y.shape)
