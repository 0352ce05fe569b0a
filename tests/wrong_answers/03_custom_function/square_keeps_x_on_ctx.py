"""
task: Square
says: input 1 was changed in place after forward
says: keep them with ctx.save_for_backward
"""


class Square(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.x = x
        return x * x

    @staticmethod
    def backward(ctx, grad_output):
        return 2 * ctx.x * grad_output
