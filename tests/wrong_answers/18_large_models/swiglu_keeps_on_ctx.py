"""
task: SwiGLU
says: changed
"""


class SwiGLU(Function):
    @staticmethod
    def forward(ctx, gate, up):
        ctx.gate, ctx.up = gate, up
        return F.silu(gate) * up

    @staticmethod
    def backward(ctx, grad_output):
        gate, up = ctx.gate, ctx.up
        s = gate.sigmoid()
        return grad_output * up * s * (1 + gate * (1 - s)), grad_output * gate * s
