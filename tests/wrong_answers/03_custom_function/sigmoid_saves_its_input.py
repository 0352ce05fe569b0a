"""
task: Sigmoid
says: the tensor that forward saves is not its output
"""


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.sigmoid(x)

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        s = 1 / (1 + (-x).exp())
        return grad_output * s * (1 - s)
