"""
task: ClipGradient
says: forward takes 2 arguments (x, max_norm)
"""


class ClipGradient(Function):
    @staticmethod
    def forward(ctx, x, max_norm):
        ctx.max_norm = max_norm
        return x.view_as(x)

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * (ctx.max_norm / (grad_output.norm() + 1e-6)).clamp(max=1)
