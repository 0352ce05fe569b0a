"""
task: ClipGradient
says: return None for it
"""


class ClipGradient(Function):
    @staticmethod
    def forward(ctx, x, max_norm):
        ctx.max_norm = max_norm
        return x.view_as(x)

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * (ctx.max_norm / (grad_output.norm() + 1e-6)).clamp(
            max=1
        ), grad_output.sum()
