"""
task: SwiGLU
says: gate
"""


class SwiGLU(Function):
    """Plain."""

    @staticmethod
    def forward(ctx, gate, up):
        ctx.save_for_backward(gate, up)
        return gate * torch.sigmoid(gate) * up

    @staticmethod
    def backward(ctx, grad_output):
        gate, up = ctx.saved_tensors
        e = torch.exp(-gate)
        return grad_output * up * (1 + e + gate * e) / (1 + e) ** 2, grad_output * gate / (1 + e)
