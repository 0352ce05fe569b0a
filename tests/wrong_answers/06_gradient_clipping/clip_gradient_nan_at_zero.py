"""
task: ClipGradient
says: max_norm / 0, which is infinite, multiplies them
"""


class ClipGradient(Function):
    @staticmethod
    def forward(ctx, x, max_norm):
        ctx.max_norm = max_norm
        return x.view_as(x)

    @staticmethod
    def backward(ctx, grad_output):
        norm = grad_output.norm()
        return grad_output * torch.minimum(norm, norm.new_tensor(ctx.max_norm)) / norm, None
