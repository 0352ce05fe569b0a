"""
Takes the slope as the output over x, which is 0 / 0 at 0.

task: Scale
says: the output is divided by x: 0 / 0 is NaN
"""


class Scale(Function):
    @staticmethod
    def forward(ctx, x, k):
        y = x * k
        ctx.save_for_backward(x, y)
        return y

    @staticmethod
    def backward(ctx, grad_output):
        x, y = ctx.saved_tensors
        return grad_output * (y / x), None
