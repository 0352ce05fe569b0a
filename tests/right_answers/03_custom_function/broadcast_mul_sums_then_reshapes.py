"""
task: BroadcastMul
way: sums without keepdim and reshapes after
"""


class BroadcastMul(Function):
    @staticmethod
    def forward(ctx, x, y):
        ctx.save_for_backward(x, y)
        return x * y

    @staticmethod
    def backward(ctx, grad_output):
        def reduced(gradient, like):
            padded = (1,) * (gradient.dim() - like.dim()) + tuple(like.shape)
            axes = [i for i, n in enumerate(padded) if n == 1]
            return (gradient.sum(axes) if axes else gradient).reshape(like.shape)

        x, y = ctx.saved_tensors
        return reduced(grad_output * y, x), reduced(grad_output * x, y)
