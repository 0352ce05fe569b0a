"""
task: ClipGradient
says: the bound is kept where the next call overwrites it: keep it on ctx
"""


class ClipGradient(Function):
    @staticmethod
    def forward(ctx, x, max_norm):
        ClipGradient.max_norm = max_norm
        return x.view_as(x)

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * (ClipGradient.max_norm / (grad_output.norm() + 1e-6)).clamp(
            max=1
        ), None
