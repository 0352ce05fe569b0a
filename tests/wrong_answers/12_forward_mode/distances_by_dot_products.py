"""
task: Distances
says: where two points are near
"""


class Distances(Function):
    @staticmethod
    def forward(x, y):
        return (
            (x.square().sum(1)[:, None] + y.square().sum(1)[None] - 2 * x @ y.T).clamp(min=0).sqrt()
        )

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs, output)
        ctx.save_for_forward(*inputs, output)

    @staticmethod
    def backward(ctx, grad_output):
        x, y, d = ctx.saved_tensors
        w = (grad_output / d)[..., None] * (x[:, None] - y[None])
        return w.sum(1), -w.sum(0)

    @staticmethod
    def jvp(ctx, x_tangent, y_tangent):
        x, y, d = ctx.saved_tensors
        return ((x[:, None] - y[None]) * (x_tangent[:, None] - y_tangent[None])).sum(-1) / d
