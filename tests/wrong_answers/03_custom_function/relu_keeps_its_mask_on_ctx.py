"""
Keeps the mask as an attribute of ctx, where autograd does not see it.

task: ReLU
says: forward: ctx.mask holds a tensor: keep it with ctx.save_for_backward
"""


class ReLU(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.mask = x > 0
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * ctx.mask
