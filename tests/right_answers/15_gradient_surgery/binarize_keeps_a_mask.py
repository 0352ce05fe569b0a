"""
task: Binarize
way: the mask is what is kept, and masked_fill what it does
"""


class Binarize(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x.abs() > 1)
        return 2 * (x >= 0).to(x.dtype) - 1

    @staticmethod
    def backward(ctx, grad_output):
        (far,) = ctx.saved_tensors
        return grad_output.masked_fill(far, 0)
