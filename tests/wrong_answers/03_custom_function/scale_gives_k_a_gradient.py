"""
task: Scale
says: the gradient for k is a tensor of shape
says: return None for it
"""


class Scale(Function):
    @staticmethod
    def forward(ctx, x, k):
        ctx.save_for_backward(x)
        ctx.k = k
        return x * k

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return grad_output * ctx.k, (grad_output * x).sum()
