"""
task: Scale
says: Yours is torch's times
"""


class Scale(Function):
    @staticmethod
    def forward(ctx, x, k):
        return x * k

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output, None
