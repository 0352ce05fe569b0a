"""
task: Binarize
says: 0 gives 0
"""


class Binarize(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.sign(x)

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return grad_output.where(x.abs() <= 1, torch.zeros_like(x))
