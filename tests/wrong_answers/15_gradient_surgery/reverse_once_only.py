"""
task: reverse_gradient
says: cut from the graph
"""


def reverse_gradient(x, strength):
    class Reverse(Function):
        @staticmethod
        def forward(ctx, x):
            return x.view_as(x)

        @staticmethod
        def backward(ctx, grad_output):
            return -strength * grad_output.detach()

    return Reverse.apply(x)
