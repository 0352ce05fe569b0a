"""
task: Binarize
says: changed
"""


class Binarize(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.x = x
        return torch.where(x >= 0, 1.0, -1.0).to(x.dtype)

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output.where(ctx.x.abs() <= 1, torch.zeros_like(ctx.x))
