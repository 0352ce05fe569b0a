"""
task: Binarize
says: backward at [2, −3, 0.5, −0.5, 0.25, −0.25]
"""


class Binarize(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.where(x >= 0, torch.ones_like(x), -torch.ones_like(x))

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        passes = (x.abs() <= 1) & ~grad_output.isnan()
        return torch.where(passes, grad_output, torch.zeros_like(grad_output))
