"""
task: SwiGLU
says: grad_output is left out
"""


class SwiGLU(Function):
    @staticmethod
    def forward(ctx, gate, up):
        ctx.save_for_backward(gate, up)
        return F.silu(gate) * up

    @staticmethod
    def backward(ctx, grad_output):
        gate, up = ctx.saved_tensors
        s = gate.sigmoid()
        return up * s * (1 + gate * (1 - s)), grad_output * gate * s
