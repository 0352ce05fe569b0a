"""
task: Sigmoid
says: ctx.s holds an output, which holds ctx by its grad_fn
"""


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.s = torch.sigmoid(x)
        return ctx.s

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * ctx.s * (1 - ctx.s)
