"""
task: ClipGradient
says: x is clipped and returned: clip grad_output
"""


class ClipGradient(Function):
    @staticmethod
    def forward(ctx, x, max_norm):
        ctx.max_norm = max_norm
        ctx.save_for_backward(x)
        return x.view_as(x)

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return x * (ctx.max_norm / (x.norm() + 1e-6)).clamp(max=1), None
