"""
task: Scale
says: the incoming gradient is left out
"""


class Scale(Function):
    @staticmethod
    def forward(ctx, x, k):
        ctx.k = k
        return x * k

    @staticmethod
    def backward(ctx, grad_output):
        return torch.full_like(grad_output, ctx.k), None
