"""
task: Scale
says: the factor k is left out
"""


class Scale(Function):
    @staticmethod
    def forward(ctx, x, k):
        return x * k

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output, None
