"""
task: SwiGLU
way: silu and the output for the slope
"""


class SwiGLU(Function):
    @staticmethod
    def forward(ctx, gate, up):
        ctx.save_for_backward(gate, up)
        return F.silu(gate) * up

    @staticmethod
    def backward(ctx, grad_output):
        gate, up = ctx.saved_tensors
        s, silu = torch.sigmoid(gate), F.silu(gate)
        return grad_output * up * (silu + s * (1 - silu)), grad_output * silu
