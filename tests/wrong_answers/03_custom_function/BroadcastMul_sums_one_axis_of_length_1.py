"""
task: BroadcastMul
says: x has shape (1, 1)
"""


class BroadcastMul(Function):
    @staticmethod
    def forward(ctx, x, y):
        ctx.save_for_backward(x, y)
        return x * y

    @staticmethod
    def backward(ctx, grad_output):
        x, y = ctx.saved_tensors

        def fit(gradient, like):
            while gradient.ndim > like.ndim:
                gradient = gradient.sum(0)
            if 1 in like.shape:
                gradient = gradient.sum(like.shape.index(1), keepdim=True)
            return gradient

        return fit(grad_output * y, x), fit(grad_output * x, y)
