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
        s = gate.sigmoid()
        if ctx.needs_input_grad[0]:
            for_gate = g * up * s * (1 + gate * (1 - s))
        return for_gate, g * gate * s
