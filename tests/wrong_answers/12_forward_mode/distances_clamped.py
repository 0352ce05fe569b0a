"""
task: Distances
says: short distances are made longer
"""


class Distances(Function):
    @staticmethod
    def forward(x, y):
        return (x[:, None] - y[None]).square().sum(-1).clamp(min=1e-6).sqrt()

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
