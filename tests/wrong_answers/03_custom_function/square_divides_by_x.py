"""
Takes the slope as twice the output over x, which is 0 / 0 at 0.

task: Square
says: it divides by x: 0 / 0 is NaN
"""


class Square(Function):
    @staticmethod
    def forward(ctx, x):
        y = x * x
        ctx.save_for_backward(x, y)
        return y

    @staticmethod
    def backward(ctx, grad_output):
        x, y = ctx.saved_tensors
        return 2 * grad_output * y / x
