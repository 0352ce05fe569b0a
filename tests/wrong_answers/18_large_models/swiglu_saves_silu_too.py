"""
task: SwiGLU
says: beside gate and up, tensors are saved
"""


class SwiGLU(Function):
    @staticmethod
    def forward(ctx, gate, up):
        silu = F.silu(gate)
        ctx.save_for_backward(gate, up, silu)
        return silu * up

    @staticmethod
    def backward(ctx, grad_output):
        gate, up, silu = ctx.saved_tensors
        s = gate.sigmoid()
        return grad_output * up * s * (1 + gate * (1 - s)), grad_output * silu
