"""
task: Sigmoid
says: it divides by the output, which is 0 at -1000: 0 · inf is NaN
"""


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        s = torch.sigmoid(x)
        ctx.save_for_backward(s)
        return s

    @staticmethod
    def backward(ctx, grad_output):
        (s,) = ctx.saved_tensors
        return grad_output * s * s * (1 / s - 1)
