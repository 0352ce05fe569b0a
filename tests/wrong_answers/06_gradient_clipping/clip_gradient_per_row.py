"""
task: ClipGradient
says: each row is clipped by itself
"""


class ClipGradient(Function):
    @staticmethod
    def forward(ctx, x, max_norm):
        ctx.max_norm = max_norm
        return x.view_as(x)

    @staticmethod
    def backward(ctx, grad_output):
        rows = grad_output.norm(dim=-1, keepdim=True) if grad_output.ndim else grad_output.norm()
        return grad_output * (ctx.max_norm / (rows + 1e-6)).clamp(max=1), None
