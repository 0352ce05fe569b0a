"""
Takes every output below 1e-12 for 0.

task: ReLU
says: backward at [-inf, 0, 2e-308, inf]
"""


class ReLU(Function):
    @staticmethod
    def forward(ctx, x):
        y = x.clamp(min=0)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, grad_output):
        (y,) = ctx.saved_tensors
        return grad_output * (y > 1e-12)
