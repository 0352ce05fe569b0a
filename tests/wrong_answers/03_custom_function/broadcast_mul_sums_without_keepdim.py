"""
task: BroadcastMul
says: the gradient for x has shape (4,), x has shape (4, 1)
"""


class BroadcastMul(Function):
    @staticmethod
    def forward(ctx, x, y):
        ctx.save_for_backward(x, y)
        return x * y

    @staticmethod
    def backward(ctx, grad_output):
        def reduced(gradient, shape):
            padded = (1,) * (gradient.dim() - len(shape)) + tuple(shape)
            axes = [i for i, n in enumerate(padded) if n != gradient.shape[i]]
            return gradient.sum(axes) if axes else gradient

        x, y = ctx.saved_tensors
        return reduced(grad_output * y, x.shape), reduced(grad_output * x, y.shape)
