"""
task: SwiGLU
says: the gradient of a gradient
"""


class SwiGLU(Function):
    """Saves gate and up."""

    @staticmethod
    def forward(ctx, gate, up):
        ctx.save_for_backward(gate, up)
        return gate / (1 + (-gate).exp()) * up

    @staticmethod
    def backward(ctx, g):
        gate, up = ctx.saved_tensors
        s = 1 / (1 + (-gate).exp())
        return g * up * s * (1 + gate * (1 - s)), g * gate * s
