"""
task: ClipGradient
says: the incoming gradient
"""


class ClipGradient(Function):
    @staticmethod
    def forward(ctx, x, max_norm):
        ctx.max_norm = max_norm
        return x.view_as(x)

    @staticmethod
    def backward(ctx, grad_output):
        holder = torch.zeros_like(grad_output)
        holder.grad = grad_output
        nn.utils.clip_grad_norm_([holder], ctx.max_norm)
        return holder.grad, None
