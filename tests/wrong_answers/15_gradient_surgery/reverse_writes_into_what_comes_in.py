"""
task: reverse_gradient
says: what came in, after backward
"""


def reverse_gradient(x, strength):
    class Reverse(Function):
        @staticmethod
        def forward(ctx, t):
            return t.view_as(t)

        @staticmethod
        def backward(ctx, grad):
            return grad.mul_(-strength)

    return Reverse.apply(x)
