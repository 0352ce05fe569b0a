"""
task: ClipGradient
says: it is always scaled to max_norm, up too
"""


class ClipGradient(Function):
    @staticmethod
    def forward(ctx, x, max_norm):
        ctx.max_norm = max_norm
        return x.view_as(x)

    @staticmethod
    def backward(ctx, grad_output):
        return ctx.max_norm * grad_output / (grad_output.norm() + 1e-12), None
