"""
task: ClipGradient
says: given zeros, whose norm is 0, it raises ZeroDivisionError
"""


class ClipGradient(Function):
    @staticmethod
    def forward(ctx, x, max_norm):
        ctx.max_norm = max_norm
        return x.view_as(x)

    @staticmethod
    def backward(ctx, grad_output):
        norm = grad_output.double().norm().item()
        return grad_output * min(1.0, ctx.max_norm / norm), None
