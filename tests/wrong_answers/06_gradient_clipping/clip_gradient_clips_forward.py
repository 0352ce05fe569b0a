"""
task: ClipGradient
says: forward clips x: it is the gradient that is to be clipped
"""


class ClipGradient(Function):
    @staticmethod
    def forward(ctx, x, max_norm):
        ctx.max_norm = max_norm
        return x * (max_norm / (x.norm() + 1e-12)).clamp(max=1)

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * (ctx.max_norm / (grad_output.norm() + 1e-6)).clamp(max=1), None
