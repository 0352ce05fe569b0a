"""
task: Scale
says: it returns a tensor of shape (4, 3), forward takes 2 arguments (x, k)
says: None where there is none
"""


class Scale(Function):
    @staticmethod
    def forward(ctx, x, k):
        ctx.k = k
        return x * k

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * ctx.k
