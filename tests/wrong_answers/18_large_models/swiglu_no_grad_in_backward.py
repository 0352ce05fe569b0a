"""
task: SwiGLU
says: the gradient of the gradient
"""


class SwiGLU(Function):
    @staticmethod
    def forward(ctx, gate, up):
        ctx.save_for_backward(gate, up)
        return F.silu(gate) * up

    @staticmethod
    def backward(ctx, grad_output):
        gate, up = ctx.saved_tensors
        with torch.no_grad():
            s = gate.sigmoid()
            return grad_output * up * s * (1 + gate * (1 - s)), grad_output * gate * s
