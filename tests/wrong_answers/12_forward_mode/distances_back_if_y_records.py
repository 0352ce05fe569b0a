"""
task: Distances
says: which alone requires grad
"""


class Distances(Function):
    @staticmethod
    def forward(x, y):
        return (x[:, None] - y[None]).square().sum(-1).sqrt()

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs, output)
        ctx.save_for_forward(*inputs, output)

    @staticmethod
    def backward(ctx, grad_output):
        if not ctx.needs_input_grad[1]:
            return None, None
        x, y, d = ctx.saved_tensors
        w = (grad_output / d)[..., None] * (x[:, None] - y[None])
        return w.sum(1), -w.sum(0)

    @staticmethod
    def jvp(ctx, x_tangent, y_tangent):
        x, y, d = ctx.saved_tensors
        return ((x[:, None] - y[None]) * (x_tangent[:, None] - y_tangent[None])).sum(-1) / d
