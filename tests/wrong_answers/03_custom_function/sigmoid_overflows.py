"""
task: Sigmoid
says: it is computed as exp(x) / (1 + exp(x)): inf / inf is NaN
"""


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        s = x.exp() / (1 + x.exp())
        ctx.save_for_backward(s)
        return s

    @staticmethod
    def backward(ctx, grad_output):
        (s,) = ctx.saved_tensors
        return grad_output * s * (1 - s)
