"""
task: Sigmoid
says: the incoming gradient is left out: multiply by grad_output
says: yours
says: torch
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
        return s * (1 - s)
