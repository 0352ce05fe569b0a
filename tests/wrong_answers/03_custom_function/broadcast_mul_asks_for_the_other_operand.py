"""
Gives x a gradient where y needs one, and the other way round.

task: BroadcastMul
says: ctx.needs_input_grad is read in another order
"""


class BroadcastMul(Function):
    @staticmethod
    def forward(ctx, x, y):
        ctx.save_for_backward(x, y)
        return x * y

    @staticmethod
    def backward(ctx, grad_output):
        x, y = ctx.saved_tensors
        by_x = by_y = None
        if ctx.needs_input_grad[1]:
            by_x = (grad_output * y).sum_to_size(x.shape)
        if ctx.needs_input_grad[0]:
            by_y = (grad_output * x).sum_to_size(y.shape)
        return by_x, by_y
