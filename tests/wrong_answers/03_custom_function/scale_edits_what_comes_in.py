"""
task: Scale
says: the value of the incoming gradient at [0, 0]
"""


class Scale(Function):
    @staticmethod
    def forward(ctx, x, k):
        ctx.k = k
        return x * k

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output.mul_(ctx.k), None
