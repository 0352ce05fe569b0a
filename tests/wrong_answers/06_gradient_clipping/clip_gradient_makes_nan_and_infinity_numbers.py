"""
task: ClipGradient
says: NaN and infinity are made numbers: let them through
"""


class ClipGradient(Function):
    @staticmethod
    def forward(ctx, x, max_norm):
        ctx.max_norm = max_norm
        return torch.nan_to_num(x)

    @staticmethod
    def backward(ctx, grad_output):
        norm = torch.linalg.vector_norm(grad_output)
        return grad_output * (ctx.max_norm / (norm + 1e-6)).clamp(max=1), None
