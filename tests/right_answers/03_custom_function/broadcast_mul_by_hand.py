"""
task: BroadcastMul
way: sums the leading axes, then those of size one, with keepdim
"""


class BroadcastMul(Function):
    @staticmethod
    def forward(ctx, x, y):
        ctx.save_for_backward(x, y)
        return torch.multiply(x, y)

    @staticmethod
    def backward(ctx, grad_output):
        def unbroadcast(gradient, shape):
            while gradient.dim() > len(shape):
                gradient = gradient.sum(0)
            for axis, size in enumerate(shape):
                if size == 1:
                    gradient = gradient.sum(axis, keepdim=True)
            return gradient

        x, y = ctx.saved_tensors
        return unbroadcast(grad_output * y, x.shape), unbroadcast(grad_output * x, y.shape)
