"""
task: reverse_gradient
way: a Function whose backward multiplies by -strength
"""


def reverse_gradient(x, strength):
    class Reverse(Function):
        @staticmethod
        def forward(ctx, x):
            return x.view_as(x)

        @staticmethod
        def backward(ctx, grad_output):
            return -strength * grad_output

    return Reverse.apply(x)
