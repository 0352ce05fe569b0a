"""
task: Binarize
says: it passes everywhere
"""


class Binarize(Function):
    @staticmethod
    def forward(ctx, x):
        y = torch.where(x >= 0, 1.0, -1.0).to(x.dtype)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, grad_output):
        (y,) = ctx.saved_tensors
        return grad_output * (y.abs() <= 1)
