"""
task: ClipGradient
says: backward of about 1e6 with bound 4e5
"""


class ClipGradient(Function):
    @staticmethod
    def forward(ctx, x, max_norm):
        ctx.max_norm = max_norm
        return x.view_as(x)

    @staticmethod
    def backward(ctx, grad_output):
        norm = torch.linalg.vector_norm(grad_output)
        clipped = grad_output * (ctx.max_norm / (norm + 1e-6)).clamp(max=1)
        return clipped.clamp(-1000.0, 1000.0), None
