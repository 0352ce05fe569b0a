"""
task: ClipGradient
says: it is brought to norm 1
"""


class ClipGradient(Function):
    @staticmethod
    def forward(ctx, x, max_norm):
        ctx.max_norm = max_norm
        return x.view_as(x)

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output / grad_output.norm().clamp(min=1), None
