"""
task: ClipGradient
way: forward returns x itself, backward branches
"""


class ClipGradient(Function):
    @staticmethod
    def forward(ctx, x, max_norm):
        ctx.max_norm = max_norm
        return x

    @staticmethod
    def backward(ctx, grad_output):
        norm = grad_output.norm()
        if norm > ctx.max_norm:
            return grad_output * ctx.max_norm / norm, None
        return grad_output, None
