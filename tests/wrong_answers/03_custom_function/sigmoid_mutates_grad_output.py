"""
task: Sigmoid
says: before the call and is
says: leave it as it was found
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
        return grad_output.mul_(s * (1 - s))
