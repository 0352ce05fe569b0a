"""
task: SwiGLU
says: with gate frozen
"""


class SwiGLU(Function):
    """Saves gate and up."""

    @staticmethod
    def forward(ctx, gate, up):
        ctx.save_for_backward(gate, up)
        return gate * gate.sigmoid() * up

    @staticmethod
    def backward(ctx, g):
        gate, up = ctx.saved_tensors
        if not all(ctx.needs_input_grad):
            return None, None
        s = gate.sigmoid()
        return g * up * s * (1 + gate * (1 - s)), g * gate * s
