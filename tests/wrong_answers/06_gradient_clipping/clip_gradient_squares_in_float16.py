"""
task: ClipGradient
says: backward of [300, 400] in float16
says: 300² and 400² are computed in float16
"""


class ClipGradient(Function):
    @staticmethod
    def forward(ctx, x, max_norm):
        ctx.max_norm = max_norm
        return x.view_as(x)

    @staticmethod
    def backward(ctx, grad_output):
        norm = grad_output.square().sum().sqrt()
        return grad_output * (ctx.max_norm / norm).clamp(max=1.0), None
