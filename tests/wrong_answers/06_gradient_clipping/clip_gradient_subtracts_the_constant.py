"""
task: ClipGradient
says: 1e-6 is subtracted from the norm
"""


class ClipGradient(Function):
    @staticmethod
    def forward(ctx, x, max_norm):
        ctx.max_norm = max_norm
        return x.view_as(x)

    @staticmethod
    def backward(ctx, grad_output):
        norm = torch.linalg.vector_norm(grad_output)
        return grad_output * (ctx.max_norm / (norm - 1e-6)).clamp(max=1), None
