"""
task: ClipGradient
says: what comes in is returned, as is right within the bound only
"""


class ClipGradient(Function):
    @staticmethod
    def forward(ctx, x, max_norm):
        ctx.max_norm = max_norm
        return x.view_as(x)

    @staticmethod
    def backward(ctx, grad_output):
        norm = torch.linalg.vector_norm(grad_output)
        if norm <= max(ctx.max_norm, 1e-3):
            return grad_output, None
        return grad_output * (ctx.max_norm / norm), None
