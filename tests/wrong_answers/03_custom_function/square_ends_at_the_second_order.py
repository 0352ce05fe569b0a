"""
Records its own backward only where what comes in records.

task: Square
says: backward: the gradient of order 1 has no graph
"""


class Square(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        with torch.set_grad_enabled(grad_output.requires_grad):
            return grad_output * 2 * x
